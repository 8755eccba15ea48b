package io.daypass.sandbox.aws;

import io.daypass.sandbox.http.Reply;
import java.util.Map;

/** Answers of the Query API. */
final class Xml {

  static final String STS = "https://sts.amazonaws.com/doc/2011-06-15/";
  static final String IAM = "https://iam.amazonaws.com/doc/2010-05-08/";

  private Xml() {}

  /** The answer of {@code action}; {@code result} is XML already, or empty. */
  static Reply answer(String namespace, String action, String result, String requestId) {
    var xml = new StringBuilder(result.length() + 512);
    xml.append('<').append(action).append("Response xmlns=\"").append(namespace).append("\">\n");
    if (!result.isEmpty()) {
      xml.append('<').append(action).append("Result>\n").append(result);
      xml.append("</").append(action).append("Result>\n");
    }
    xml.append("<ResponseMetadata><RequestId>")
        .append(requestId)
        .append("</RequestId></ResponseMetadata>\n</")
        .append(action)
        .append("Response>\n");
    return Reply.xml(200, xml.toString(), Map.of("x-amzn-RequestId", requestId));
  }

  static Reply error(String namespace, int status, String code, String words, String requestId) {
    var xml =
        "<ErrorResponse xmlns=\""
            + namespace
            + "\">\n<Error><Type>"
            + (status < 500 ? "Sender" : "Receiver")
            + "</Type><Code>"
            + escape(code)
            + "</Code><Message>"
            + escape(words)
            + "</Message></Error>\n<RequestId>"
            + requestId
            + "</RequestId>\n</ErrorResponse>\n";
    return Reply.xml(status, xml, Map.of("x-amzn-RequestId", requestId));
  }

  /** An element, left out where it has no text. */
  static String element(String name, String text) {
    return text.isEmpty() ? "" : "<" + name + ">" + escape(text) + "</" + name + ">\n";
  }

  static String escape(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '<' || c == '&' || c == '>' || c < ' ') {
        return text.replaceAll("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f]", "")
            .replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace(">", "&gt;");
      }
    }
    return text;
  }
}
