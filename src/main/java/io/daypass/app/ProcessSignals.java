package io.daypass.app;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.slf4j.LoggerFactory;

/**
 * Signals that would else end the process. By reflection, because the JDK's signal classes are in
 * no standard module; a JVM without them goes on without.
 */
enum ProcessSignals {
  HANGUP("HUP"),
  INTERRUPT("INT"),
  TERMINATE("TERM");

  private final String signal;

  ProcessSignals(String signal) {
    this.signal = signal;
  }

  /** Runs {@code action} at every signal of this kind, each time on a thread of its own. */
  void run(Runnable action) {
    try {
      var type = Class.forName("sun.misc.Signal");
      var handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler onSignal =
          (_, method, _) ->
              switch (method.getName()) {
                case "handle" -> {
                  action.run();
                  yield null;
                }
                case "hashCode" -> 1;
                case "equals" -> false;
                case String name -> "on SIG" + signal + ": " + name;
              };
      var proxy =
          Proxy.newProxyInstance(
              ProcessSignals.class.getClassLoader(), new Class<?>[] {handler}, onSignal);
      type.getMethod("handle", type, handler)
          .invoke(null, type.getConstructor(String.class).newInstance(signal), proxy);
    } catch (ReflectiveOperationException | RuntimeException e) {
      LoggerFactory.getLogger(ProcessSignals.class)
          .atWarn()
          .addKeyValue("signal", signal)
          .setCause(e)
          .log("signals.unavailable");
    }
  }
}
