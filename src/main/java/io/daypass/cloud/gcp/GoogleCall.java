package io.daypass.cloud.gcp;

import io.daypass.cloud.wire.Wire;

/**
 * One call of one of Google's services.
 *
 * @param path below the service's address, as the API reference spells it
 */
record GoogleCall(Service service, String path) {

  /** A service, and where it is for everybody. */
  enum Service {
    STS("https://sts.googleapis.com"),
    IAM_CREDENTIALS("https://iamcredentials.googleapis.com"),
    RESOURCE_MANAGER("https://cloudresourcemanager.googleapis.com");

    private final String usual;

    Service(String usual) {
      this.usual = usual;
    }

    String usual() {
      return usual;
    }
  }

  static GoogleCall exchange() {
    return new GoogleCall(Service.STS, "/v1/token");
  }

  /** The address holds no character that a path would have to escape: the policies see to it. */
  static GoogleCall impersonation(String serviceAccount) {
    return new GoogleCall(
        Service.IAM_CREDENTIALS,
        "/v1/projects/-/serviceAccounts/" + serviceAccount + ":generateAccessToken");
  }

  /** {@code getIamPolicy} or {@code setIamPolicy} of a project, folder or organization. */
  static GoogleCall policy(String resource, String method) {
    return new GoogleCall(Service.RESOURCE_MANAGER, "/v3/" + resource + ":" + method);
  }

  /** The most that an answer may have: a policy has up to 1,500 members (IAM, "Quotas"). */
  int largest() {
    return service == Service.RESOURCE_MANAGER ? 1 << 20 : Wire.LARGEST;
  }

  /**
   * What the library is told, which takes nothing but https here. Where the call really goes, the
   * settings say.
   */
  String usualUrl() {
    return service.usual() + path;
  }
}
