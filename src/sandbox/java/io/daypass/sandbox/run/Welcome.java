package io.daypass.sandbox.run;

import java.io.IOException;
import java.util.Map;

/** What is printed once everything runs. */
public final class Welcome {

  private Welcome() {}

  public static String text(String broker, String sandbox, DataFolder folder) throws IOException {
    return Templates.fill(
        "/sandbox/welcome.txt",
        Map.of(
            "broker",
            broker,
            "sandbox",
            sandbox,
            "log",
            folder.file("broker.log").toString(),
            "folder",
            folder.file("").toString()));
  }
}
