package io.daypass.cloud.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import org.junit.jupiter.api.Test;

/** The SDK takes whatever XML parser it finds; the launcher names one. */
class AnswerParserTest {

  private static final Pattern NAMED =
      Pattern.compile("-Djavax\\.xml\\.stream\\.XMLInputFactory=(\\S+)");

  @Test
  void theServiceReadsAnswersWithTheParserThatTheTestsOfBadAnswersRanWith() throws IOException {
    var launcher = Files.readString(Path.of("src/main/launcher/bin/daypass"));
    assertThat(NAMED.matcher(launcher).results().map(named -> named.group(1)))
        .containsExactly(XMLInputFactory.newFactory().getClass().getName());
  }
}
