package dev.cpv.graph;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Goes from some objects to all of cpv's that they hold, in private fields too, and asks each for its text. */
final class ObjectWalk {
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<Object> open = new ArrayDeque<>();
    private final Map<String, Set<String>> texts = new TreeMap<>();

    ObjectWalk from(Object... roots) {
        for (Object root : roots) {
            add(root);
        }
        while (!open.isEmpty()) {
            visit(open.remove());
        }
        return this;
    }

    /** What the objects say of themselves, by class. */
    Map<String, Set<String>> texts() {
        return texts;
    }

    private void add(@Nullable Object object) {
        if (object != null && !(object instanceof String) && !(object instanceof Class) && seen.add(object)) {
            open.add(object);
        }
    }

    private void visit(Object object) {
        if (object instanceof Collection<?> elements) {
            elements.forEach(this::add);
        } else if (object instanceof Map<?, ?> map) {
            map.keySet().forEach(this::add);
            map.values().forEach(this::add);
        } else if (object instanceof Optional<?> value) {
            value.ifPresent(this::add);
        } else if (object instanceof AtomicReference<?> reference) {
            add(reference.get());
        } else if (object instanceof CompletableFuture<?> future && future.isDone()) {
            var unused = future.handle((value, fault) -> {
                add(value);
                add(fault);
                return null;
            });
        } else if (object instanceof Object[] array) {
            for (int i = 0; i < Array.getLength(array); i++) {
                add(array[i]);
            }
        } else if (object instanceof Throwable thrown) {
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace, true));
            tell(object, trace.toString());
            add(thrown.getCause());
        }
        if (isOurs(object.getClass())) {
            tell(object, String.valueOf(object));
            fields(object);
        }
    }

    private static boolean isOurs(Class<?> type) {
        return type.getName().startsWith("dev.cpv.") && !type.getName().startsWith("dev.cpv.graph.simulator.");
    }

    private void tell(Object object, String text) {
        texts.computeIfAbsent(object.getClass().getName(), name -> new TreeSet<>())
                .add(text);
    }

    private void fields(Object object) {
        for (Class<?> type = object.getClass(); type != null && isOurs(type); type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                    try {
                        field.setAccessible(true);
                        add(field.get(object));
                    } catch (IllegalAccessException e) {
                        throw new AssertionError(e);
                    }
                }
            }
        }
    }
}
