package io.daypass.cloud.wire;

import java.util.Arrays;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Foreign text made fit for our log: no token, no key, no control character, not long. What stays
 * of a long run of characters is what reads as names: ids, paths, actions, hosts. Key material is
 * random, and 40 random characters hardly ever read so.
 */
public final class CleanText {

  private static final int LONGEST = 300;

  /** As long as an id is that Azure writes without hyphens; no key is as short. */
  private static final int LONGEST_RUN = 32;

  /** What is no name in a path and no longer is cut by itself: a resource called by a code. */
  private static final int LONGEST_CODE = 16;

  private static final String CUT = "[cut]";

  // What base64 of both alphabets, a JWT, a secret of Entra's and any of them escaped are made of;
  // the full stop after a sentence is none of it.
  private static final Pattern RUN = Pattern.compile("[A-Za-z0-9+/=_~.%\\\\-]+(?<!\\.)");

  // A JWT or a part of one, a token of Google or a secret of its clients, a key id of AWS.
  private static final Pattern SECRET = Pattern.compile("eyJ|ya29\\.|GOCSPX-|A[KS]IA[A-Z0-9]{8,}");

  private static final Pattern GUID =
      Pattern.compile("(?<![^/=.])[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?![^/=.])");

  /** What begins a path whose parts are told apart. */
  private static final Pattern ROOT =
      Pattern.compile(
          "(?:^|/)(?:subscriptions|providers|projects|folders|organizations|role|assumed-role)/");

  private static final Pattern SEPARATOR = Pattern.compile("[/=_.-]+");

  // Words as people write them, one or more together, with a number; k8s or ec2; a number; VNET.
  private static final Pattern WORD =
      Pattern.compile(
          "(?:[A-Z]?[a-z]{2,28}+)++[0-9]{0,3}|[a-z][a-z0-9]{0,3}|[0-9]{0,21}|[A-Z]{1,12}");

  private static final Pattern UNPRINTABLE = Pattern.compile("[^ -~]+");

  private CleanText() {}

  public static String of(String text) {
    // Cut after cleaning, or half a token could be left at the end.
    var known = RUN.matcher(text).replaceAll(run -> Matcher.quoteReplacement(of(run)));
    var clean = UNPRINTABLE.matcher(known).replaceAll(" ");
    return clean.length() <= LONGEST ? clean : clean.substring(0, LONGEST);
  }

  private static String of(MatchResult match) {
    var run = match.group();
    if (SECRET.matcher(run).find()) {
      return CUT;
    }
    if (run.length() <= LONGEST_RUN || isNames(run)) {
      return run;
    }
    return ROOT.matcher(run).find() ? path(run) : CUT;
  }

  /** With those parts cut that are no names; all of it, if one of those is long. */
  private static String path(String run) {
    var parts = Arrays.asList(run.split("/", -1));
    return parts.stream().allMatch(part -> part.length() <= LONGEST_CODE || isNames(part))
        ? parts.stream().map(part -> isNames(part) ? part : CUT).collect(Collectors.joining("/"))
        : CUT;
  }

  private static boolean isNames(String text) {
    return SEPARATOR
        .splitAsStream(GUID.matcher(text).replaceAll(""))
        .allMatch(word -> WORD.matcher(word).matches());
  }
}
