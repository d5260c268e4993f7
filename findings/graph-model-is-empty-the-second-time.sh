#!/usr/bin/env bash
# microsoft-graph 6.69.0 (kiota 1.9.2): a model object that was sent once is sent as {} the next time, since its backing
# store keeps what changed since the last serialisation. A retry that reuses the object sends an empty body.
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
workspace com.microsoft.graph:microsoft-graph:6.69.0

cat > Main.java <<'JAVA'
import com.microsoft.graph.models.AppRoleAssignment;
import com.microsoft.graph.serviceclient.GraphServiceClient;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import okhttp3.OkHttpClient;

public class Main {
    public static void main(String[] args) throws Exception {
        GraphServiceClient client = new GraphServiceClient((request, context) -> {}, new OkHttpClient());
        AppRoleAssignment assignment = new AppRoleAssignment();
        assignment.setAppRoleId(UUID.fromString("df021288-bdef-4463-88db-98f22de89214"));
        for (int time = 1; time <= 2; time++) {
            var request = client.servicePrincipals().byServicePrincipalId("1").appRoleAssignments()
                    .toPostRequestInformation(assignment);
            System.out.println("body " + time + ": " + new String(request.content.readAllBytes(), StandardCharsets.UTF_8));
        }
        System.exit(0);
    }
}
JAVA

expect <<'SEEN'
body 1: {"@odata.type":"#microsoft.graph.appRoleAssignment","appRoleId":"df021288-bdef-4463-88db-98f22de89214"}
body 2: {}
SEEN
