package io.daypass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code daypass aws configure} and the file that is the person's own. */
class ConfigureTest {

  private static final String OWN =
      """
      # mine
      [default]
      region = eu-west-1
      output=json

      [profile  "old one"]
      aws_access_key_id = x\
      """;

  @TempDir private Path home;
  private FakeBroker broker;
  private Shell shell;

  @BeforeEach
  void start() {
    broker = new FakeBroker();
    may("prod-readonly", "staging-admin");
    shell =
        new Shell(home)
            .with("DAYPASS_URL", broker.url())
            .with("DAYPASS_TOKEN", "a.b.c")
            .with("DAYPASS_LAUNCHER", "/opt/daypass/bin/daypass");
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  @Test
  void everyRoleOfAwsGetsAProfile() throws IOException {
    var ran = configure("--region", "eu-central-1");
    assertThat(ran.exit()).isZero();
    assertThat(ran.out())
        .contains(
            "profiles in " + file() + ": prod-readonly, staging-admin\n",
            "ask first: daypass request prod-readonly --for 1h --reason \"...\"\n");
    assertThat(text())
        .isEqualTo(
            """
            # >>> written by daypass aws configure; what is changed in here will be lost >>>
            [profile prod-readonly]
            credential_process = /usr/bin/env DAYPASS_URL=%1$s /opt/daypass/bin/daypass aws credentials prod-readonly
            region = eu-central-1
            [profile staging-admin]
            credential_process = /usr/bin/env DAYPASS_URL=%1$s /opt/daypass/bin/daypass aws credentials staging-admin
            region = eu-central-1
            # <<< written by daypass aws configure <<<
            """
                .formatted(broker.url()));
    assertThat(mode(file())).isEqualTo("rw-------");
  }

  @Test
  void aPipeIsNotMadeAFile() throws Exception {
    Files.createDirectories(file().getParent());
    assertThat(new ProcessBuilder("mkfifo", file().toString()).start().waitFor()).isZero();
    // Whoever reads it finds nothing in it.
    var empty = new ProcessBuilder("timeout", "60", "sh", "-c", ": > \"$0\"", file().toString());
    empty.start();
    var ran = configure();
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err()).contains(file() + " is no plain file");
    assertThat(Files.readAttributes(file(), BasicFileAttributes.class).isOther()).isTrue();
  }

  @Test
  void whatToTryIsAProfileThatWorks() {
    broker.on(
        "GET /v1/requests?mine=true&state=approved",
        200,
        "{\"requests\":[{\"role\":\"elsewhere\"},{\"role\":\"staging-admin\"}]}");
    assertThat(configure().out())
        .endsWith("try: aws sts get-caller-identity --profile staging-admin\n");
  }

  @Test
  void theBrokerThatIsRememberedNeedsNoMention() throws IOException {
    Files.createDirectories(home.resolve(".config"));
    var folder =
        Files.createDirectory(
            home.resolve(".config/daypass"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    var config = Files.writeString(folder.resolve("config"), "url=" + broker.url() + "\n");
    Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-------"));
    configure();
    assertThat(text()).contains("credential_process = /opt/daypass/bin/daypass aws credentials ");
  }

  @Test
  void theSecondTimeNothingChanges() throws IOException {
    own(OWN);
    configure();
    var first = text();
    var time = Files.getLastModifiedTime(file());
    configure();
    assertThat(text()).isEqualTo(first);
    assertThat(Files.getLastModifiedTime(file())).isEqualTo(time);
  }

  @Test
  void whatThePersonWroteStaysByteForByte() throws IOException {
    var bytes = (OWN + "\r\n; caf\u00e9 \u4e2d \r\n").getBytes(StandardCharsets.UTF_8);
    Files.createDirectory(home.resolve(".aws"));
    Files.write(file(), bytes);
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r-----"));
    configure();
    Files.write(
        file(), "\n[profile later]\n".getBytes(StandardCharsets.UTF_8), StandardOpenOption.APPEND);
    may("prod-readonly");
    configure();
    var after = Files.readAllBytes(file());
    assertThat(after).startsWith(bytes);
    assertThat(new String(after, StandardCharsets.UTF_8))
        .endsWith("<<<\n\n[profile later]\n")
        .contains("[profile prod-readonly]", "region = eu-west-1")
        .doesNotContain("staging-admin");
    assertThat(mode(file())).isEqualTo("rw-r-----");
  }

  @Test
  void someRolesLeaveTheOtherProfilesAlone() throws IOException {
    configure("--region", "eu-central-1");
    configure("--region", "us-east-1", "staging-admin");
    assertThat(text())
        .containsSubsequence(
            "[profile prod-readonly]", "eu-central-1", "[profile staging-admin]", "us-east-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"AWS_REGION", "AWS_DEFAULT_REGION"})
  void aRegionOfAnotherPartitionInTheEnvironmentIsLeftToThePerson(String variable)
      throws IOException {
    own(OWN);
    shell.with(variable, "eusc-de-east-1");
    var ran = configure();
    assertThat(ran.exit()).isZero();
    assertThat(ran.err().lines())
        .containsOnlyOnce(
            "daypass: eusc-de-east-1 is no region in aws, aws-cn or aws-us-gov; name one: daypass"
                + " aws configure --region eu-central-1");
    assertThat(text().replace(OWN, ""))
        .contains("[profile prod-readonly]", "[profile staging-admin]")
        .doesNotContain("region =");
    shell.with(variable, "us-gov-west-1");
    assertThat(configure().err()).doesNotContain("region");
    assertThat(text()).contains("region = us-gov-west-1");
  }

  @Test
  void soIsThatOfADefaultProfileOfAnotherPartition() throws IOException {
    own("[default]\nregion = eusc-de-east-1\n");
    assertThat(configure().err()).containsOnlyOnce("eusc-de-east-1 is no region in aws,");
    assertThat(text()).containsOnlyOnce("region =").contains("[profile staging-admin]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"eusc-de-east-1", "us-iso-east-1", "somewhere"})
  void aRegionThatIsAskedForIsOneOfARoles(String region) {
    var ran = configure("--region", region);
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.err()).contains(region + " is no region in aws, aws-cn or aws-us-gov");
    assertThat(file()).doesNotExist();
  }

  @Test
  void aProfileThatSomebodyElseWroteIsNotTouched() throws IOException {
    own("[profile prod-readonly]\nsso_session = corp\n");
    var ran = configure();
    assertThat(ran.err()).contains("a profile prod-readonly that daypass did not write");
    assertThat(text()).containsOnlyOnce("prod-readonly").contains("[profile staging-admin]");
  }

  @Test
  void keysOfTheSameNameWouldGoBeforeSoTheyAreNamedToo() throws IOException {
    own("");
    Files.writeString(home.resolve(".aws/credentials"), "[staging-admin]\naws_access_key_id = x\n");
    assertThat(configure().err()).contains("a profile staging-admin that daypass did not write");
    assertThat(text()).doesNotContain("staging-admin");
  }

  @Test
  void aRoleCalledDefaultDoesNotBecomeTheDefault() throws IOException {
    may("default");
    configure();
    assertThat(Files.exists(file())).isFalse();
  }

  @Test
  void aLinkStaysALink() throws IOException {
    var dotfiles = Files.createDirectory(home.resolve("dotfiles"));
    var real = Files.writeString(dotfiles.resolve("aws-config"), OWN);
    Files.createDirectory(home.resolve(".aws"));
    Files.createSymbolicLink(file(), real);
    configure();
    assertThat(Files.isSymbolicLink(file())).isTrue();
    assertThat(Files.readString(real)).startsWith(OWN).contains("[profile staging-admin]");
  }

  @Test
  void anotherFileIsUsedWhereAwsUsesAnother() {
    var other = home.resolve("elsewhere/config");
    shell.with("AWS_CONFIG_FILE", other.toString());
    configure();
    assertThat(other).content().contains("[profile staging-admin]");
    assertThat(file()).doesNotExist();
  }

  @Test
  void aPathWithSpacesIsQuoted() throws IOException {
    shell.with("DAYPASS_LAUNCHER", "/opt/my tools/daypass");
    configure();
    assertThat(text()).contains("\"/opt/my tools/daypass\" aws credentials prod-readonly\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/opt/$(id)/daypass", "/opt/a\"b/daypass", "/opt/a'b/d", "/opt/a\nb", "/a;b"})
  void aPathThatAShellWouldObeyIsRefused(String launcher) {
    shell.with("DAYPASS_LAUNCHER", launcher);
    var ran = configure();
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err()).contains("AWS tools cannot run a program at");
    assertThat(file()).doesNotExist();
  }

  @Test
  void aMarkThatIsGoneStopsIt() throws IOException {
    configure();
    own(text().replaceAll("# <<<.*\n", ""));
    var before = text();
    assertThat(configure().err()).contains("one of the two lines is gone");
    assertThat(text()).isEqualTo(before);
  }

  @Test
  void aRoleOneMayNotAskForIsNotWritten() {
    assertThat(configure("prod-admin").err()).contains("prod-admin is no role of AWS");
    assertThat(file()).doesNotExist();
  }

  @Test
  void aBrokerCannotWriteIntoTheFileByARolesName() {
    may("x]\\ncredential_process = evil");
    configure();
    assertThat(file()).doesNotExist();
  }

  private Shell.Ran configure(String... more) {
    var words = new ArrayList<>(List.of("aws", "configure"));
    words.addAll(List.of(more));
    return shell.run(words.toArray(String[]::new));
  }

  private void may(String... roles) {
    var list = new StringBuilder();
    for (var role : roles) {
      list.append(
          """
          {"name":"%s","description":"d","access":"write","sensitivity":"low","cloud":"aws","max_duration":"1h","rule":"r","automatic":true,"approval":[],"reason_required":false,"console":[]},\
          """
              .formatted(role));
    }
    list.append(
        """
        {"name":"elsewhere","description":"d","access":"write","sensitivity":"low","cloud":"gcp","max_duration":"1h","rule":"r","automatic":true,"approval":[],"reason_required":false,"console":[]}\
        """);
    broker.on("GET /v1/roles", 200, "{\"roles\":[" + list + "]}");
  }

  private void own(String text) throws IOException {
    Files.createDirectories(home.resolve(".aws"));
    Files.writeString(file(), text);
  }

  private Path file() {
    return home.resolve(".aws/config");
  }

  private String text() throws IOException {
    return Files.readString(file());
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
