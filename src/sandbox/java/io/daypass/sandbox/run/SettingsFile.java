package io.daypass.sandbox.run;

import io.daypass.sandbox.Files600;
import io.daypass.sandbox.Sandbox;
import io.daypass.sandbox.azure.AzureStandIn;
import io.daypass.sandbox.oidc.Clients;
import io.daypass.sandbox.postgres.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Settings that wire a broker to the sandbox. */
public final class SettingsFile {

  private final DataFolder folder;
  private final Sandbox sandbox;

  public SettingsFile(DataFolder folder, Sandbox sandbox) {
    this.folder = folder;
    this.sandbox = sandbox;
  }

  /** Writes {@code daypass.yaml} and the secrets it names. */
  public Path write(int brokerPort, Database database, Path policies) throws IOException {
    var webSecret = folder.file("secrets").resolve("web-client");
    Files600.write(webSecret, Clients.WEB_SECRET);
    var slackUrl = folder.file("secrets").resolve("slack-url");
    Files600.write(slackUrl, sandbox.board().slackUrl());
    var webhookSecret = folder.file("secrets").resolve("webhook-secret");
    Files600.write(webhookSecret, sandbox.board().webhookSecret());
    var endpoints = sandbox.awsEndpoints();
    var azure = sandbox.azureEndpoints();
    var ca = sandbox.authority().write(folder.file("sandbox-ca.pem"));
    var values = new LinkedHashMap<String, String>();
    sandbox.gcpEndpoints().forEach((name, url) -> values.put("gcp-" + name, url));
    values.putAll(
        Map.ofEntries(
            Map.entry("broker", "http://localhost:" + brokerPort),
            Map.entry("listen", "127.0.0.1:" + brokerPort),
            Map.entry("database", database.url()),
            Map.entry("database-password", folder.secretText("app-password").toString()),
            Map.entry("owner", database.ownerUrl()),
            Map.entry("owner-password", folder.secretText("owner-password").toString()),
            Map.entry("master-key", folder.secretKey("master.key").toString()),
            Map.entry("policies", policies.toAbsolutePath().toString()),
            Map.entry("staff", sandbox.staff().provider().issuer()),
            Map.entry("github", sandbox.github().provider().issuer()),
            Map.entry("kubernetes", sandbox.kubernetes().provider().issuer()),
            Map.entry("web-secret", webSecret.toString()),
            Map.entry("sts", endpoints.getOrDefault("sts", "")),
            Map.entry("iam", endpoints.getOrDefault("iam", "")),
            Map.entry("signin", endpoints.getOrDefault("signin", "")),
            Map.entry("notice-slack", slackUrl.toString()),
            Map.entry("notice-webhook", sandbox.board().webhookUrl()),
            Map.entry("notice-secret", webhookSecret.toString()),
            Map.entry("azure-binder", AzureStandIn.BINDER),
            Map.entry("azure-authority", azure.getOrDefault("authority", "")),
            Map.entry("azure-arm", azure.getOrDefault("resource-manager", "")),
            Map.entry("azure-ca", ca.toString())));
    var file = folder.file("daypass.yaml");
    Files600.write(file, Templates.fill("/sandbox/daypass.yaml", values));
    return file;
  }
}
