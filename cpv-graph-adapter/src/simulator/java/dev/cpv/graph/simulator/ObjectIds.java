package dev.cpv.graph.simulator;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.UUID;

/** The identifiers of directory objects as Microsoft Graph builds them: base64url over GUIDs in .NET's byte order. */
final class ObjectIds {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private ObjectIds() {}

    /** A tenant-wide grant is named by its client and its resource; a user's grant has the user appended. */
    static String grant(String clientId, String resourceId, String... principalId) {
        byte[] key = concat(bytes(clientId), bytes(resourceId));
        for (String id : principalId) {
            key = concat(key, bytes(id));
        }
        return BASE64.encodeToString(key);
    }

    static String appRoleAssignment(String principalId, UUID random) {
        return BASE64.encodeToString(concat(bytes(principalId), bytes(random.toString())));
    }

    static String roleAssignment(String roleDefinitionId, String principalId) {
        return BASE64.encodeToString(concat(bytes(roleDefinitionId), bytes(principalId))) + "-1";
    }

    /** .NET writes the first three fields of a GUID in little-endian order and the rest unchanged. */
    static byte[] bytes(String guid) {
        UUID uuid = UUID.fromString(guid);
        long high = uuid.getMostSignificantBits();
        ByteBuffer buffer = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt((int) (high >>> 32)).putShort((short) (high >>> 16)).putShort((short) high);
        buffer.order(ByteOrder.BIG_ENDIAN).putLong(uuid.getLeastSignificantBits());
        return buffer.array();
    }

    private static byte[] concat(byte[] left, byte[] right) {
        return ByteBuffer.allocate(left.length + right.length)
                .put(left)
                .put(right)
                .array();
    }
}
