package io.daypass.cloud.gcp;

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

  /**
   * What the library is told, which takes nothing but https here. Where the call really goes, the
   * settings say.
   */
  String usualUrl() {
    return service.usual() + path;
  }
}
