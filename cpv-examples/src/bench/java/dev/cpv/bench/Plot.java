package dev.cpv.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Draws groups of two bars as SVG: cpv beside its comparison. Not thread-safe. */
final class Plot {
    private static final int WIDTH = 760;
    private static final int LEFT = 230;
    private static final int BAR = 15;
    private static final int GROUP = 2 * BAR + 14;
    private static final int TOP = 64;
    private static final int VALUES = 80;

    /** One line of the plot. */
    private record Group(String name, double ours, double theirs) {}

    private final String title;
    private final String ours;
    private final String theirs;
    private final List<Group> groups = new ArrayList<>();

    Plot(String title, String ours, String theirs) {
        this.title = title;
        this.ours = ours;
        this.theirs = theirs;
    }

    void add(String name, double own, double other) {
        groups.add(new Group(name, own, other));
    }

    String svg() {
        int height = TOP + groups.size() * GROUP + 10;
        double most = groups.stream()
                .mapToDouble(group -> Math.max(group.ours, group.theirs))
                .max()
                .orElse(1);
        StringBuilder svg = new StringBuilder();
        add(
                svg,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
                        + " font-family=\"sans-serif\" font-size=\"13\">%n",
                WIDTH,
                height,
                WIDTH,
                height);
        add(svg, "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>%n");
        add(svg, "<text x=\"10\" y=\"22\" font-size=\"16\">%s</text>%n", title);
        legend(svg, 10, "#1f6feb", ours);
        legend(svg, LEFT, "#9aa4af", theirs);
        int y = TOP;
        for (Group group : groups) {
            add(svg, "<text x=\"10\" y=\"%d\">%s</text>%n", y + BAR + 4, group.name);
            bar(svg, y, group.ours / most, "#1f6feb", group.ours);
            bar(svg, y + BAR + 1, group.theirs / most, "#9aa4af", group.theirs);
            y += GROUP;
        }
        return svg.append("</svg>\n").toString();
    }

    private static void legend(StringBuilder svg, int x, String colour, String name) {
        add(svg, "<rect x=\"%d\" y=\"36\" width=\"12\" height=\"12\" fill=\"%s\"/>", x, colour);
        add(svg, "<text x=\"%d\" y=\"47\">%s</text>%n", x + 18, name);
    }

    private static void bar(StringBuilder svg, int y, double share, String colour, double value) {
        double width = Math.max(1, share * (WIDTH - LEFT - VALUES));
        add(
                svg,
                "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>"
                        + "<text x=\"%.1f\" y=\"%d\" font-size=\"11\">%s</text>%n",
                LEFT,
                y,
                width,
                BAR,
                colour,
                LEFT + width + 5,
                y + BAR - 3,
                Report.number(value));
    }

    private static void add(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values).replace(System.lineSeparator(), "\n"));
    }
}
