package io.daypass.web.compat;

import io.daypass.web.Answer;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;

/** Writes the XML of an STS answer. */
final class StsXml {

  private static final String NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

  private final StringBuilder text = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  static Answer answer(int status, StsXml xml) {
    return new Answer(status, "text/xml; charset=utf-8", Buffer.buffer(xml.text.toString()));
  }

  StsXml open(String name) {
    text.append('<').append(name);
    if (open.isEmpty()) {
      text.append(" xmlns=\"").append(NAMESPACE).append('"');
    }
    text.append('>');
    open.push(name);
    return this;
  }

  StsXml close() {
    text.append("</").append(open.pop()).append('>');
    return this;
  }

  StsXml text(String name, String value) {
    open(name);
    value.codePoints().forEach(this::escaped);
    return close();
  }

  private void escaped(int point) {
    switch (point) {
      case '<' -> text.append("&lt;");
      case '>' -> text.append("&gt;");
      case '&' -> text.append("&amp;");
      case '\n', '\t' -> text.appendCodePoint(point);
      default -> text.appendCodePoint(isWritable(point) ? point : '?');
    }
  }

  // XML 1.0, 2.2: some characters cannot be written at all, not even escaped.
  private static boolean isWritable(int point) {
    return point >= 0x20
        && !(point >= 0xd800 && point <= 0xdfff)
        && point != 0xfffe
        && point != 0xffff;
  }

  @Override
  public String toString() {
    return "[answer]";
  }
}
