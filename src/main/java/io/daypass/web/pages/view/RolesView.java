package io.daypass.web.pages.view;

import java.util.List;

/** Every role that the viewer may ask for. */
public record RolesView(Frame frame, List<MainView.RoleLine> roles) {
  public RolesView {
    roles = List.copyOf(roles);
  }
}
