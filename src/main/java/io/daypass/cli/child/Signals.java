package io.daypass.cli.child;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Tells of the signals that would otherwise end this process. The JDK has no other way than {@code
 * sun.misc.Signal} (exported by the module jdk.unsupported for this use, JEP 260); it is reached by
 * reflection because the compiler warns of its name and will not be told to stop.
 */
public final class Signals {

  private Signals() {}

  /** From now on {@code name} (as in INT) runs {@code then}, and does nothing else. */
  public static void on(String name, Runnable then) {
    try {
      var signal = Class.forName("sun.misc.Signal");
      var handler = Class.forName("sun.misc.SignalHandler");
      var ours =
          Proxy.newProxyInstance(
              handler.getClassLoader(), new Class<?>[] {handler}, handling(then));
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
    } catch (ReflectiveOperationException | IllegalArgumentException _) {
      // A system without this signal, or a JVM that was told to leave it alone.
    }
  }

  // A proxy is equal to itself and to nothing else.
  @SuppressWarnings("ReferenceEquality")
  private static InvocationHandler handling(Runnable then) {
    return (Object proxy, Method method, Object[] arguments) ->
        switch (method.getName()) {
          case "handle" -> {
            then.run();
            yield null;
          }
          case "equals" -> proxy == arguments[0];
          case "hashCode" -> System.identityHashCode(proxy);
          default -> "signals";
        };
  }
}
