package io.daypass.cli.profile;

import org.jspecify.annotations.Nullable;

/**
 * One profile for a role.
 *
 * @param name the role's, and the profile's
 * @param process what AWS tools run
 * @param region null leaves it to their other settings
 */
public record Profile(String name, String process, @Nullable String region) {

  String text() {
    var lines = "[profile " + name + "]\ncredential_process = " + process + "\n";
    return region == null ? lines : lines + "region = " + region + "\n";
  }
}
