package dev.cpv.graph;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.slf4j.LoggerFactory;
import org.slf4j.simple.SimpleLogger;

/**
 * Everything that the client and the libraries below it log, down to the finest level: slf4j's loggers, those that come up
 * meanwhile too, and those of java.util.logging, which OkHttp has. The simulator, a server in the same JVM, is left out.
 */
final class LogCapture implements AutoCloseable {
    private static final List<String> CLIENT = List.of("dev.cpv", "com.microsoft", "okhttp3", "dev.failsafe");
    private static final String SERVER = "dev.cpv.graph.simulator";
    private static final String PROPERTY = "org.slf4j.simpleLogger.log.";
    private static final int TRACE = 0;

    private final PrintStream before = System.err;
    private final ByteArrayOutputStream captured = new ByteArrayOutputStream();
    private final Map<Object, Integer> levels = new HashMap<>();
    private final Logger root = Logger.getLogger("");
    private final Map<Logger, Level> javaLevels = new HashMap<>();
    private final PrintStream log = new PrintStream(captured, true, StandardCharsets.UTF_8);
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            log.println(new SimpleFormatter().format(entry));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    LogCapture() {
        CLIENT.forEach(name -> System.setProperty(PROPERTY + name, "trace"));
        System.setProperty(PROPERTY + SERVER, "error");
        loggers().forEach((name, logger) -> {
            if (isClients(name)) {
                levels.put(logger, level(logger));
                setLevel(logger, TRACE);
            }
        });
        handler.setLevel(Level.ALL);
        root.addHandler(handler);
        List.of(
                        "okhttp3",
                        "okhttp3.OkHttpClient",
                        "okhttp3.internal.concurrent.TaskRunner",
                        "dev.failsafe",
                        "com.microsoft")
                .forEach(name -> {
                    Logger logger = Logger.getLogger(name);
                    javaLevels.put(logger, logger.getLevel());
                    logger.setLevel(Level.ALL);
                });
        System.setErr(log);
    }

    String text() {
        return captured.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        System.setErr(before);
        root.removeHandler(handler);
        javaLevels.forEach(Logger::setLevel);
        levels.forEach(LogCapture::setLevel);
        CLIENT.forEach(name -> System.clearProperty(PROPERTY + name));
        System.clearProperty(PROPERTY + SERVER);
    }

    private static boolean isClients(String logger) {
        Predicate<String> above = name -> logger.startsWith(name);
        return CLIENT.stream().anyMatch(above) && !logger.startsWith(SERVER);
    }

    /** slf4j-simple reads its levels once for each logger, so those that are there are told by force. */
    private static Map<?, ?> loggersByForce() throws ReflectiveOperationException {
        Object factory = LoggerFactory.getILoggerFactory();
        Class<?> type = factory.getClass();
        while (type != null) {
            for (Field field : type.getDeclaredFields()) {
                if (Map.class.isAssignableFrom(field.getType())) {
                    field.setAccessible(true);
                    return (Map<?, ?>) field.get(factory);
                }
            }
            type = type.getSuperclass();
        }
        throw new NoSuchFieldException("the map of loggers");
    }

    private static Map<String, Object> loggers() {
        try {
            Map<String, Object> loggers = new HashMap<>();
            loggersByForce().forEach((name, logger) -> loggers.put((String) name, logger));
            return loggers;
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("slf4j-simple changed", e);
        }
    }

    private static Field levelField() throws NoSuchFieldException {
        Field field = SimpleLogger.class.getDeclaredField("currentLogLevel");
        field.setAccessible(true);
        return field;
    }

    private static int level(Object logger) {
        try {
            return levelField().getInt(logger);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("slf4j-simple changed", e);
        }
    }

    private static void setLevel(Object logger, int level) {
        try {
            levelField().setInt(logger, level);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("slf4j-simple changed", e);
        }
    }
}
