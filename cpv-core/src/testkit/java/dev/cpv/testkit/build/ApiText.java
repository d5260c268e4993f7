package dev.cpv.testkit.build;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/**
 * A type and its members that users see, as text. It shows what a comparison of class files does not: the types that a
 * sealed one permits, the order of record components and of enum constants, the values of constants and of annotation
 * defaults, and where null may be.
 *
 * <p>Only what class files contain by the language's rules is printed, so that every JDK prints the same.
 */
final class ApiText {
    private static final String INDENT = "    ";
    private static final Pattern JAVA_LANG = Pattern.compile("^java\\.lang\\.(?=[A-Z])");
    private static final int TYPE_MODIFIERS =
            Modifier.PUBLIC | Modifier.PROTECTED | Modifier.STATIC | Modifier.ABSTRACT | Modifier.FINAL;
    private static final int MEMBER_MODIFIERS = TYPE_MODIFIERS;

    private ApiText() {}

    /** Whether users of other packages can name the type: it and all around it are public, or protected. */
    static boolean isAccessible(Class<?> type) {
        if (type.isAnonymousClass() || type.isLocalClass() || type.isSynthetic() || !isVisible(type.getModifiers())) {
            return false;
        }
        Class<?> outer = type.getDeclaringClass();
        return outer == null || isAccessible(outer);
    }

    private static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    static String of(Class<?> type) {
        List<String> lines = new ArrayList<>();
        lines.add(annotations(type)
                + modifiers(type)
                + kind(type)
                + type.getName()
                + typeParameters(type.getTypeParameters())
                + components(type)
                + supertypes(type)
                + permitted(type));
        if (type.isEnum()) {
            lines.add(INDENT + "constants " + names(type));
        }
        Stream.of(
                        Arrays.stream(type.getDeclaredFields())
                                .filter(field -> isListed(field) && !field.isEnumConstant())
                                .map(ApiText::field),
                        Arrays.stream(type.getDeclaredConstructors())
                                .filter(ApiText::isListed)
                                .map(ApiText::constructor),
                        withHiddenSuperclasses(type)
                                .flatMap(declaring -> Arrays.stream(declaring.getDeclaredMethods()))
                                .filter(ApiText::isListed)
                                .map(ApiText::method))
                .flatMap(Function.identity())
                .distinct()
                .sorted()
                .forEach(line -> lines.add(INDENT + line));
        return String.join("\n", lines) + "\n";
    }

    /** What a public type inherits from one that users cannot name is its own to them. */
    private static Stream<Class<?>> withHiddenSuperclasses(Class<?> type) {
        Class<?> superclass = type.getSuperclass();
        return superclass == null || isAccessible(superclass)
                ? Stream.of(type)
                : Stream.concat(Stream.of(type), withHiddenSuperclasses(superclass));
    }

    private static boolean isListed(Member member) {
        return isVisible(member.getModifiers()) && !member.isSynthetic();
    }

    private static String kind(Class<?> type) {
        if (type.isAnnotation()) {
            return "@interface ";
        }
        if (type.isInterface()) {
            return "interface ";
        }
        if (type.isEnum()) {
            return "enum ";
        }
        return type.isRecord() ? "record " : "class ";
    }

    private static String modifiers(Class<?> type) {
        int modifiers = type.getModifiers() & TYPE_MODIFIERS;
        if (type.isInterface()) {
            modifiers &= ~Modifier.ABSTRACT;
        }
        if (type.isEnum() || type.isRecord()) {
            modifiers &= ~(Modifier.FINAL | Modifier.ABSTRACT);
        }
        return spaced(Modifier.toString(modifiers)) + (type.isSealed() && !type.isEnum() ? "sealed " : "");
    }

    private static String components(Class<?> type) {
        return type.isRecord()
                ? Arrays.stream(type.getRecordComponents())
                        .map(component -> type(component.getAnnotatedType()) + " " + component.getName())
                        .collect(Collectors.joining(", ", "(", ")"))
                : "";
    }

    private static String supertypes(Class<?> type) {
        String line = "";
        AnnotatedType superclass = type.getAnnotatedSuperclass();
        if (superclass != null
                && superclass.getType() != Object.class
                && !type.isEnum()
                && !type.isRecord()
                && !type.isInterface()) {
            line += " extends " + type(superclass);
        }
        if (!type.isAnnotation() && type.getInterfaces().length > 0) {
            line += (type.isInterface() ? " extends " : " implements ") + types(type.getAnnotatedInterfaces());
        }
        return line;
    }

    private static String permitted(Class<?> type) {
        return type.isSealed() && !type.isEnum()
                ? Arrays.stream(type.getPermittedSubclasses())
                        .map(Class::getName)
                        .sorted()
                        .collect(Collectors.joining(", ", " permits ", ""))
                : "";
    }

    private static String names(Class<?> type) {
        return Arrays.stream(type.getDeclaredFields())
                .filter(Field::isEnumConstant)
                .map(constant -> annotations(constant) + constant.getName())
                .collect(Collectors.joining(", "));
    }

    private static String field(Field field) {
        return annotations(field)
                + spaced(Modifier.toString(field.getModifiers() & MEMBER_MODIFIERS))
                + type(field.getAnnotatedType())
                + " "
                + field.getName()
                + constant(field);
    }

    /** The value that the compiler writes into the classes of users. */
    private static String constant(Field field) {
        Class<?> type = field.getType();
        boolean mayBeConstant = Modifier.isStatic(field.getModifiers())
                && Modifier.isFinal(field.getModifiers())
                && (type.isPrimitive() || type == String.class);
        if (!mayBeConstant) {
            return "";
        }
        try {
            field.setAccessible(true);
            return " = " + value(field.get(null));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String constructor(Constructor<?> constructor) {
        return executable(constructor, "new");
    }

    private static String method(Method method) {
        Object byDefault = method.getDefaultValue();
        return executable(method, type(method.getAnnotatedReturnType()) + " " + method.getName())
                + (byDefault == null ? "" : " default " + value(byDefault));
    }

    private static String executable(Executable executable, String name) {
        String generics = typeParameters(executable.getTypeParameters());
        int modifiers = executable.getModifiers() & MEMBER_MODIFIERS;
        boolean hasBody = executable instanceof Method method && method.isDefault();
        return annotations(executable)
                + spaced(Modifier.toString(modifiers))
                + (hasBody ? "default " : "")
                + spaced(generics)
                + name
                + parameters(executable)
                + thrown(executable);
    }

    private static String parameters(Executable executable) {
        List<String> types = new ArrayList<>();
        AnnotatedType[] parameters = executable.getAnnotatedParameterTypes();
        for (int i = 0; i < parameters.length; i++) {
            boolean isVariable = executable.isVarArgs() && i == parameters.length - 1;
            types.add(
                    isVariable && parameters[i] instanceof AnnotatedArrayType array
                            ? type(array.getAnnotatedGenericComponentType()) + "..."
                            : type(parameters[i]));
        }
        return "(" + String.join(", ", types) + ")";
    }

    private static String thrown(Executable executable) {
        return executable.getExceptionTypes().length == 0
                ? ""
                : " throws "
                        + Arrays.stream(executable.getAnnotatedExceptionTypes())
                                .map(ApiText::type)
                                .sorted()
                                .collect(Collectors.joining(", "));
    }

    private static String typeParameters(TypeVariable<?>[] variables) {
        return variables.length == 0
                ? ""
                : Arrays.stream(variables).map(ApiText::typeParameter).collect(Collectors.joining(", ", "<", ">"));
    }

    private static String typeParameter(TypeVariable<?> variable) {
        AnnotatedType[] bounds = variable.getAnnotatedBounds();
        String all = Arrays.stream(bounds).map(ApiText::type).collect(Collectors.joining(" & "));
        return variable.getName() + (all.isEmpty() || all.equals("Object") ? "" : " extends " + all);
    }

    private static String types(AnnotatedType[] types) {
        return Arrays.stream(types).map(ApiText::type).collect(Collectors.joining(", "));
    }

    private static String type(AnnotatedType type) {
        String nullness = type.isAnnotationPresent(Nullable.class) ? "@Nullable " : "";
        if (type instanceof AnnotatedParameterizedType parameterized) {
            return nullness
                    + raw(parameterized.getType())
                    + "<"
                    + types(parameterized.getAnnotatedActualTypeArguments())
                    + ">";
        }
        if (type instanceof AnnotatedArrayType array) {
            String component = type(array.getAnnotatedGenericComponentType());
            return nullness.isEmpty() ? component + "[]" : component + " @Nullable []";
        }
        if (type instanceof AnnotatedWildcardType wildcard) {
            return nullness + wildcard(wildcard);
        }
        return nullness + shortened(type.getType());
    }

    private static String wildcard(AnnotatedWildcardType wildcard) {
        AnnotatedType[] lower = wildcard.getAnnotatedLowerBounds();
        if (lower.length > 0) {
            return "? super " + types(lower);
        }
        String upper = types(wildcard.getAnnotatedUpperBounds());
        return upper.isEmpty() || upper.equals("Object") ? "?" : "? extends " + upper;
    }

    private static String raw(Type type) {
        String name = shortened(type);
        int arguments = name.indexOf('<');
        return arguments < 0 ? name : name.substring(0, arguments);
    }

    /** Types of {@code java.lang} are printed without their package, as in source. */
    private static String shortened(Type type) {
        return JAVA_LANG.matcher(type.getTypeName()).replaceAll("");
    }

    /** What users have to know: deprecation, and code in which nullness is not checked. */
    private static String annotations(AnnotatedElement element) {
        Deprecated deprecated = element.getAnnotation(Deprecated.class);
        String since = deprecated == null || deprecated.since().isEmpty() ? "" : ", since " + deprecated.since();
        String removal = deprecated != null && deprecated.forRemoval() ? "for removal" : "";
        return (deprecated == null ? "" : "@Deprecated(" + removal + since + ") ")
                + (element.isAnnotationPresent(NullUnmarked.class) ? "@NullUnmarked " : "")
                + meta(element);
    }

    /** How an annotation type may be used is part of its API. */
    private static String meta(AnnotatedElement element) {
        return element instanceof Class<?> type && type.isAnnotation()
                ? Arrays.stream(type.getAnnotations())
                        .filter(annotation ->
                                annotation.annotationType().getName().startsWith("java.lang.annotation."))
                        .map(ApiText::annotation)
                        .sorted()
                        .map(text -> text + " ")
                        .collect(Collectors.joining())
                : "";
    }

    private static String annotation(Annotation annotation) {
        return "@" + annotation.annotationType().getSimpleName()
                + Arrays.stream(annotation.annotationType().getDeclaredMethods())
                        .map(member -> member.getName() + "=" + value(read(member, annotation)))
                        .sorted()
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    private static Object read(Method member, Annotation annotation) {
        try {
            return member.invoke(annotation);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String value(@Nullable Object value) {
        if (value instanceof String text) {
            return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
        }
        if (value instanceof Object[] values) {
            return Arrays.stream(values).map(ApiText::value).collect(Collectors.joining(", ", "{", "}"));
        }
        if (value instanceof Class<?> type) {
            return type.getName() + ".class";
        }
        if (value instanceof Annotation annotation) {
            return annotation(annotation);
        }
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        if (value != null && value.getClass().isArray()) {
            return values(value);
        }
        return String.valueOf(value);
    }

    private static String values(Object array) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < java.lang.reflect.Array.getLength(array); i++) {
            values.add(value(java.lang.reflect.Array.get(array, i)));
        }
        return "{" + String.join(", ", values) + "}";
    }

    private static String spaced(String text) {
        return text.isEmpty() ? "" : text + " ";
    }
}
