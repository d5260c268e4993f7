package dev.cpv.graph.simulator;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;

/** The part of DER that a certificate needs: the JDK reads certificates but cannot create them. */
final class Der {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private Der() {}

    static byte[] sequence(byte[]... items) {
        return item(0x30, items);
    }

    static byte[] set(byte[]... items) {
        return item(0x31, items);
    }

    static byte[] integer(BigInteger value) {
        return item(0x02, value.toByteArray());
    }

    static byte[] truth() {
        return item(0x01, new byte[] {(byte) 0xFF});
    }

    static byte[] nothing() {
        return item(0x05);
    }

    static byte[] text(String value) {
        return item(0x0C, value.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] time(Instant value) {
        return item(0x18, TIME.format(value).getBytes(StandardCharsets.US_ASCII));
    }

    static byte[] bits(byte[] value) {
        return item(0x03, new byte[] {0}, value);
    }

    static byte[] octets(byte[] value) {
        return item(0x04, value);
    }

    /** An object identifier such as {@code 2.5.4.3}. */
    static byte[] oid(String dotted) {
        int[] numbers = Arrays.stream(dotted.split("\\.", -1))
                .mapToInt(Integer::parseInt)
                .toArray();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(numbers[0] * 40 + numbers[1]);
        for (int i = 2; i < numbers.length; i++) {
            base128(out, numbers[i]);
        }
        return item(0x06, out.toByteArray());
    }

    private static void base128(ByteArrayOutputStream out, int number) {
        for (int shift = 28; shift > 0; shift -= 7) {
            if (number >>> shift != 0) {
                out.write(0x80 | ((number >>> shift) & 0x7F));
            }
        }
        out.write(number & 0x7F);
    }

    /** Any item by its tag: tag, length, contents. */
    static byte[] item(int tag, byte[]... contents) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] content : contents) {
            body.writeBytes(content);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = body.size();
        if (length < 0x80) {
            out.write(length);
        } else {
            byte[] size = BigInteger.valueOf(length).toByteArray();
            int skip = size[0] == 0 ? 1 : 0;
            out.write(0x80 | (size.length - skip));
            out.write(size, skip, size.length - skip);
        }
        out.writeBytes(body.toByteArray());
        return out.toByteArray();
    }
}
