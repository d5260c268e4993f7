package dev.cpv.graph.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Issues tokens, after the checks that Entra makes and in their order. Refuses by throwing {@link EntraRefusal}. */
final class TokenEndpoint {
    private static final String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static final String GRAPH_AUDIENCE = "https://graph.microsoft.com";
    private static final Set<String> OPENID_SCOPES = Set.of("openid", "profile", "email", "offline_access");
    private static final Duration LOOP_WINDOW = Duration.ofMinutes(1);
    private static final int MIN_LIFE = 3600;
    private static final int MAX_LIFE = 5400;

    /** What a request asks for: one resource, with all granted permissions or with certain scopes. */
    private record Wanted(String audience, boolean everything, Set<String> scopes, boolean openId) {}

    private final World world;
    private final ClientAssertions assertions;
    private final RateWindow loops = new RateWindow(LOOP_WINDOW);

    TokenEndpoint(World world, ClientAssertions assertions) {
        this.world = world;
        this.assertions = assertions;
    }

    WireAnswer issue(WireRequest request, String tenantName, boolean v1) {
        Map<String, String> form = form(request);
        String grantType = required(form, "grant_type");
        SimulatedTenant tenant = TenantNames.resolve(world, tenantName);
        AppRegistration app = client(required(form, "client_id"), tenant);
        checkCredential(form, app, tenant, tenantName);
        Wanted wanted = wanted(form, v1, grantType);
        checkLoop(tenant, app, grantType, wanted);
        return switch (grantType) {
            case "refresh_token" -> redeem(form, app, tenant, wanted, v1);
            case "client_credentials" -> appOnly(app, tenant, wanted, v1);
            default -> throw new EntraRefusal(70003);
        };
    }

    // The request

    private static Map<String, String> form(WireRequest request) {
        String type = request.header("Content-Type").orElse("").toLowerCase(Locale.ROOT);
        if (!type.startsWith("application/x-www-form-urlencoded")) {
            throw missing("grant_type");
        }
        if (request.body().stripLeading().startsWith("{")) {
            throw new EntraRefusal(9002313);
        }
        return request.form();
    }

    private static String required(Map<String, String> form, String name) {
        String value = form.getOrDefault(name, "");
        if (value.isEmpty()) {
            throw missing(name);
        }
        return value;
    }

    private static EntraRefusal missing(String parameter) {
        return new EntraRefusal(EntraError.of(900144)
                .saying("The request body must contain the following parameter: '" + parameter + "'."));
    }

    private static Wanted wanted(Map<String, String> form, boolean v1, String grantType) {
        if (v1) {
            return new Wanted(required(form, "resource"), true, Set.of(), false);
        }
        Set<String> audiences = new TreeSet<>();
        Set<String> scopes = new TreeSet<>();
        boolean everything = false;
        Set<String> asked = SimulatedGrant.split(
                grantType.equals("client_credentials") ? required(form, "scope") : form.getOrDefault("scope", ""));
        for (String scope : asked) {
            if (!OPENID_SCOPES.contains(scope)) {
                int slash = scope.lastIndexOf('/');
                String value = scope.substring(slash + 1);
                audiences.add(slash < 0 ? GRAPH_AUDIENCE : scope.substring(0, slash));
                everything |= value.equals(".default");
                scopes.add(value);
            }
        }
        if (audiences.size() > 1) {
            throw new EntraRefusal(70011);
        }
        scopes.remove(".default");
        String audience =
                audiences.isEmpty() ? GRAPH_AUDIENCE : audiences.iterator().next();
        return new Wanted(audience, everything || scopes.isEmpty(), scopes, asked.contains("openid"));
    }

    // Checks for both grant types

    private AppRegistration client(String clientId, SimulatedTenant tenant) {
        AppRegistration app = world.app();
        if (!app.appId().equalsIgnoreCase(clientId)) {
            throw new EntraRefusal(EntraError.of(700016)
                    .saying("Application with identifier '" + clientId + "' was not found in the directory '"
                            + tenant.displayName() + "'."));
        }
        if (!app.multiTenant() && !tenant.partner()) {
            throw new EntraRefusal(50194);
        }
        boolean disabledHere = tenant.inDirectory(d -> d.principalOf(app.appId()))
                .filter(principal -> !principal.enabled())
                .isPresent();
        if (!app.enabled() || disabledHere) {
            throw new EntraRefusal(EntraError.of(7000112)
                    .saying("Application '" + app.appId() + "'(" + app.displayName() + ") is disabled."));
        }
        return app;
    }

    private void checkCredential(
            Map<String, String> form, AppRegistration app, SimulatedTenant tenant, String tenantName) {
        String assertion = form.getOrDefault("client_assertion", "");
        String secret = form.getOrDefault("client_secret", "");
        if (!assertion.isEmpty() && ASSERTION_TYPE.equals(form.get("client_assertion_type"))) {
            assertions.check(assertion, app, tenant, tenantName);
        } else if (!secret.isEmpty()) {
            checkSecret(secret, app);
        } else {
            throw new EntraRefusal(7000218);
        }
    }

    private void checkSecret(String value, AppRegistration app) {
        Instant now = world.now();
        List<AppRegistration.Secret> known = app.secrets().stream()
                .filter(secret -> secret.value().equals(value) && !now.isBefore(secret.from()))
                .toList();
        if (known.isEmpty()) {
            throw new EntraRefusal(7000215);
        }
        if (known.stream().noneMatch(secret -> now.isBefore(secret.until()))) {
            throw new EntraRefusal(7000222);
        }
    }

    private void checkLoop(SimulatedTenant tenant, AppRegistration app, String grantType, Wanted wanted) {
        String key = String.join("|", tenant.id(), app.appId(), grantType, wanted.audience());
        if (loops.exceeded(key, tenant.behaviour().loopLimit(), world.now())) {
            throw new EntraRefusal(50196);
        }
    }

    private static void checkPolicies(SimulatedTenant tenant) {
        tenant.behaviour().tokenRefusal().ifPresent(refusal -> {
            EntraError known = EntraError.of(refusal.code());
            String error = refusal.error();
            Integer status = refusal.status();
            throw new EntraRefusal(
                    error == null || status == null
                            ? known
                            : new EntraError(known.code(), error, status, known.message()));
        });
    }

    private SimulatedServicePrincipal resource(SimulatedTenant tenant, Directory d, String audience) {
        SimulatedServicePrincipal principal = world.catalog()
                .byAudience(audience)
                .flatMap(resource -> d.principalOf(resource.appId()))
                .orElseThrow(() -> new EntraRefusal(EntraError.of(500011)
                        .saying("The resource principal named " + audience + " was not found in the tenant named "
                                + tenant.displayName()
                                + ". This can happen if the application has not been installed by"
                                + " the administrator of the tenant or consented to by any user in the tenant.")));
        if (!principal.enabled() || tenant.behaviour().suspended(principal.appId())) {
            throw new EntraRefusal(EntraError.of(500014)
                    .saying("The service principal for resource '" + principal.appId() + "' is disabled. This indicate"
                            + " that a subscription within the tenant has lapsed, or that the administrator for this"
                            + " tenant has disabled the application, preventing tokens from being issued for it."));
        }
        return principal;
    }

    // A refresh token is redeemed

    private WireAnswer redeem(
            Map<String, String> form, AppRegistration app, SimulatedTenant tenant, Wanted wanted, boolean v1) {
        RefreshToken presented = refreshToken(required(form, "refresh_token"), app);
        SimulatedUser user = world.user(presented.userId()).orElseThrow(() -> new EntraRefusal(70000));
        checkUser(presented, user);
        Set<String> directoryRoles = access(user, tenant);
        checkPolicies(tenant);
        if (tenant.behaviour().requireMfa() && !presented.mfa()) {
            throw new EntraRefusal(50076);
        }
        return tenant.inDirectory(d -> {
            Set<String> scopes = grantedScopes(app, tenant, d, user, wanted);
            Instant now = world.now();
            AccessToken token = new AccessToken(
                    wanted.audience(),
                    tenant.id(),
                    app.appId(),
                    user.id(),
                    user.userPrincipalName(),
                    scopes,
                    Set.of(),
                    directoryRoles,
                    presented.mfa(),
                    claims(form),
                    now,
                    now.plusSeconds(life(d)));
            ObjectNode body = body(token, d, scopeText(wanted, scopes), v1);
            if (tenant.behaviour().rotateRefreshTokens()) {
                body.put("refresh_token", world.mint(presented.renewedAt(now)));
            }
            if (wanted.openId()) {
                body.put("id_token", idToken(token, app));
            }
            if ("1".equals(form.get("client_info"))) {
                body.put("client_info", clientInfo(user));
            }
            return WireAnswer.json(200, body);
        });
    }

    /** The claims that a client requests because a service challenged it. */
    private static String claims(Map<String, String> form) {
        String text = form.getOrDefault("claims", "");
        if (text.isEmpty()) {
            return "";
        }
        return Json.parseObject(text)
                .orElseThrow(() -> new EntraRefusal(9002313))
                .toString();
    }

    private RefreshToken refreshToken(String text, AppRegistration app) {
        return RefreshToken.read(world.signer(), text)
                .filter(token -> token.clientId().equals(app.appId()))
                .orElseThrow(() -> new EntraRefusal(70000));
    }

    private void checkUser(RefreshToken token, SimulatedUser user) {
        Instant now = world.now();
        if (token.expiredAt(now)) {
            throw new EntraRefusal(700082);
        }
        if (token.sessions() < user.sessions()) {
            throw new EntraRefusal(50173);
        }
        Duration frequency = user.signInFrequency();
        if (frequency != null && !now.isBefore(token.signedInAt().plus(frequency))) {
            throw new EntraRefusal(70043);
        }
        if (!user.enabled()) {
            throw new EntraRefusal(50057);
        }
    }

    /** The directory roles of the user in the tenant: a user of another tenant without a role has no access at all. */
    private Set<String> access(SimulatedUser user, SimulatedTenant tenant) {
        Set<String> roles = world.directoryRoles(user, tenant);
        boolean home = user.homeTenantId().equals(tenant.id());
        if (!home && (roles.isEmpty() || user.guestIn(tenant.id()))) {
            throw new EntraRefusal(EntraError.of(50020)
                    .saying("User account '" + user.userPrincipalName() + "' from identity provider"
                            + " 'https://sts.windows.net/" + user.homeTenantId() + "/' does not exist in tenant '"
                            + tenant.displayName() + "' and cannot access the application in that tenant."));
        }
        return roles;
    }

    private Set<String> grantedScopes(
            AppRegistration app, SimulatedTenant tenant, Directory d, SimulatedUser user, Wanted wanted) {
        Instant now = world.now();
        SimulatedServicePrincipal client = d.principalOf(app.appId())
                .filter(principal -> d.tokenEndpointKnows(principal, now))
                .orElseThrow(() ->
                        notConsented(app, tenant.behaviour().missingConsent().code()));
        SimulatedServicePrincipal resource = resource(tenant, d, wanted.audience());
        Set<String> granted = d.scopesForToken(client.id(), resource.id(), user.id(), now);
        Set<String> lacking = new HashSet<>(wanted.scopes());
        lacking.removeAll(granted);
        if (granted.isEmpty() || !lacking.isEmpty()) {
            throw notConsented(app, 65001);
        }
        return granted;
    }

    private static EntraRefusal notConsented(AppRegistration app, int code) {
        return code == 65001
                ? new EntraRefusal(EntraError.of(code)
                        .saying("The user or administrator has not consented to use the application with ID '"
                                + app.appId() + "' named '" + app.displayName() + "'. Send an interactive authorization"
                                + " request for this user and resource."))
                : new EntraRefusal(code);
    }

    // An app-only token

    private WireAnswer appOnly(AppRegistration app, SimulatedTenant tenant, Wanted wanted, boolean v1) {
        if (!wanted.everything()) {
            throw new EntraRefusal(70011);
        }
        checkPolicies(tenant);
        return tenant.inDirectory(d -> {
            Instant now = world.now();
            Optional<SimulatedServicePrincipal> client =
                    d.principalOf(app.appId()).filter(principal -> d.tokenEndpointKnows(principal, now));
            if (client.isEmpty() && tenant.behaviour().refuseAppOnlyWithoutPrincipal()) {
                throw new EntraRefusal(EntraError.of(7000229)
                        .saying("The client application " + app.appId() + " is missing service principal in the tenant "
                                + tenant.id() + "."));
            }
            SimulatedServicePrincipal resource = resource(tenant, d, wanted.audience());
            AccessToken token = new AccessToken(
                    wanted.audience(),
                    tenant.id(),
                    app.appId(),
                    client.map(SimulatedServicePrincipal::id).orElse(null),
                    null,
                    Set.of(),
                    client.map(principal -> roleValues(d, principal, resource, now))
                            .orElse(Set.of()),
                    Set.of(),
                    false,
                    "",
                    now,
                    now.plusSeconds(life(d)));
            return WireAnswer.json(200, body(token, d, "", v1));
        });
    }

    private Set<String> roleValues(
            Directory d, SimulatedServicePrincipal client, SimulatedServicePrincipal resource, Instant now) {
        Set<String> values = new TreeSet<>();
        for (String role : d.rolesForToken(client.id(), resource.id(), now)) {
            values.add(world.catalog()
                    .resource(resource.appId())
                    .flatMap(known -> known.appRole(role))
                    .map(ResourceCatalog.Permission::value)
                    .orElse(role));
        }
        return values;
    }

    // The answer

    private static int life(Directory d) {
        return MIN_LIFE + d.random().nextInt(MAX_LIFE - MIN_LIFE + 1);
    }

    /** Version 1 writes numbers as text and names the resource. */
    private ObjectNode body(AccessToken token, Directory d, String scope, boolean v1) {
        long life = Duration.between(token.issuedAt(), token.expiresAt()).toSeconds();
        ObjectNode body = Json.object();
        body.put("token_type", "Bearer");
        if (v1) {
            body.put("expires_in", Long.toString(life));
            body.put("ext_expires_in", Long.toString(life));
            body.put("expires_on", Long.toString(token.expiresAt().getEpochSecond()));
            body.put("not_before", Long.toString(token.issuedAt().getEpochSecond()));
            body.put("resource", token.audience());
        } else {
            body.put("expires_in", life);
            body.put("ext_expires_in", life);
        }
        if (!scope.isEmpty()) {
            body.put("scope", scope);
        }
        body.put("access_token", token.mint(world.signer(), d.newId()));
        return body;
    }

    private static String scopeText(Wanted wanted, Set<String> scopes) {
        List<String> text = new ArrayList<>();
        if (wanted.openId()) {
            text.addAll(List.of("openid", "profile"));
        }
        scopes.forEach(scope -> text.add(wanted.audience() + "/" + scope));
        if (wanted.everything()) {
            text.add(wanted.audience() + "/.default");
        }
        return String.join(" ", text);
    }

    private String idToken(AccessToken token, AppRegistration app) {
        ObjectNode claims = Json.object();
        claims.put("aud", app.appId());
        claims.put("iss", "https://login.microsoftonline.com/" + token.tenantId() + "/v2.0");
        claims.put("iat", token.issuedAt().getEpochSecond());
        claims.put("nbf", token.issuedAt().getEpochSecond());
        claims.put("exp", token.expiresAt().getEpochSecond());
        claims.put("oid", token.objectId());
        claims.put("sub", token.objectId());
        claims.put("preferred_username", token.userPrincipalName());
        claims.put("tid", token.tenantId());
        claims.put("ver", "2.0");
        return world.signer().sign(claims);
    }

    private static String clientInfo(SimulatedUser user) {
        ObjectNode info = Json.object();
        info.put("uid", user.id());
        info.put("utid", user.homeTenantId());
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(info.toString().getBytes(StandardCharsets.UTF_8));
    }
}
