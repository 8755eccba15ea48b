package io.daypass.web.pages.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where people choose with whom to sign in. */
public record SignInView(
    Frame frame, @Nullable Notice notice, boolean fresh, List<Form> forms, String formToken) {
  public SignInView {
    forms = List.copyOf(forms);
  }
}
