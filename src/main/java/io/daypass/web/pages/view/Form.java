package io.daypass.web.pages.view;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that can be done.
 *
 * @param id unique on its page
 * @param action where it is sent
 * @param note what it means, said before it is done; null where the button says it all
 * @param hidden fields that are not shown, besides the form's token
 */
public record Form(
    String id,
    String action,
    String button,
    Weight weight,
    @Nullable String note,
    List<Field> fields,
    Map<String, String> hidden) {

  public Form {
    fields = List.copyOf(fields);
    hidden = Map.copyOf(hidden);
  }

  /** A button alone. */
  public static Form button(String id, String action, String button, Weight weight) {
    return new Form(id, action, button, weight, null, List.of(), Map.of());
  }

  /** How a button looks. */
  public enum Weight {
    MAIN,
    PLAIN,
    /** Takes something away. */
    ENDING
  }

  /**
   * A field.
   *
   * @param hint what may stand there; null where the label says it all
   * @param options what may be chosen; only for {@link Kind#CHOICE}
   */
  public record Field(
      String name,
      String label,
      Kind kind,
      String value,
      @Nullable String hint,
      boolean required,
      List<String> options) {
    public Field {
      options = List.copyOf(options);
    }

    /** How it is filled in. */
    public enum Kind {
      LINE,
      PROSE,
      MOMENT,
      CHOICE
    }
  }
}
