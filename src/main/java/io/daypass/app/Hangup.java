package io.daypass.app;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.slf4j.LoggerFactory;

/**
 * Runs something at every SIGHUP, which would else end the process. By reflection, because the
 * JDK's signal classes are in no standard module; a JVM without them goes on without.
 */
final class Hangup {

  private Hangup() {}

  static void runs(Runnable action) {
    try {
      var signal = Class.forName("sun.misc.Signal");
      var handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler onSignal =
          (proxy, method, arguments) ->
              switch (method.getName()) {
                case "handle" -> {
                  action.run();
                  yield null;
                }
                case "hashCode" -> 1;
                case "equals" -> false;
                case String name -> "on SIGHUP: " + name;
              };
      var proxy =
          Proxy.newProxyInstance(Hangup.class.getClassLoader(), new Class<?>[] {handler}, onSignal);
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), proxy);
    } catch (ReflectiveOperationException | RuntimeException e) {
      LoggerFactory.getLogger(Hangup.class).atWarn().setCause(e).log("signals.unavailable");
    }
  }
}
