package io.daypass.cloud.aws;

import io.daypass.cloud.CutStore.Claimed;
import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.SessionCutter;
import io.daypass.cloud.wire.Deadline;
import io.daypass.cloud.wire.Effort;
import io.daypass.cloud.wire.Failure;
import io.daypass.cloud.wire.Gates;
import io.daypass.cloud.wire.Wire;
import io.daypass.issuer.Assertions;
import io.daypass.issuer.Assertions.KeysUnavailableException;
import io.daypass.issuer.IssuerUrl;
import io.daypass.policy.RoleArn;
import io.daypass.request.RequestId;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.DeleteRolePolicyRequest;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.PutRolePolicyRequest;

/**
 * Cuts sessions by an inline policy of their role, as one of its account's roles that may write
 * such policies (IAM user guide, "Disabling permissions for temporary security credentials").
 * Nothing else in AWS ends a session: its credentials stay, and everything is denied to them.
 */
public final class AwsCutter implements SessionCutter, AutoCloseable {

  /** No role has it: to be allowed to delete it and to find nothing there changes nothing. */
  private static final String NO_POLICY = "DaypassCheckup";

  private static final Logger log = LoggerFactory.getLogger(AwsCutter.class);

  private final Gates gates;
  private final Effort effort;
  private final Wire wire;
  private final Revoker revoker;
  private final IamClients clients;
  private final AwsConfig config;
  private final String policyName;

  /**
   * @param clock the one by which assertions are dated
   * @param jitter spreads repeated calls; need not be unpredictable
   */
  public AwsCutter(
      AwsConfig config, Assertions assertions, InstantSource clock, RandomGenerator jitter) {
    this.config = config;
    this.policyName = policyName(config.issuer());
    this.gates = new Gates(config.limits());
    this.effort = new Effort(config.limits(), jitter);
    this.wire = new Wire(config.limits().connect());
    this.revoker = new Revoker(config, assertions, new StsClients(config, wire), effort, clock);
    this.clients = new IamClients(config, wire);
  }

  /**
   * What the inline policy is called, in every role: each deployment has one of its own, or one
   * would take back what another denies.
   */
  static String policyName(IssuerUrl issuer) {
    var name = UUID.nameUUIDFromBytes(issuer.value().getBytes(StandardCharsets.UTF_8));
    return "DaypassRevoked-" + name.toString().substring(0, 8);
  }

  @Override
  public String cloud() {
    return "aws";
  }

  @Override
  public Denied deny(Claimed claimed) throws MintException {
    var role =
        RoleArn.parse(claimed.place())
            .orElseThrow(() -> new IllegalStateException("the place of a cut is no role"));
    // The last call may wait for its turn as long as it may take.
    var enough = Deadline.in(LONGEST.minus(config.limits().total().multipliedBy(2)));
    try {
      var keys = session(role, claimed.claim());
      return claimed.requests().isEmpty()
          ? nothing(role, keys)
          : asManyAsFit(role, keys, claimed, enough);
    } catch (KeysUnavailableException e) {
      throw new MintException(Reason.KEYS_UNAVAILABLE, e);
    } catch (Failure failure) {
      report(role, failure);
      throw failure.asMintException();
    }
  }

  /** Whether there is a role to cut sessions with. */
  boolean isSet() {
    return config.revoker() != null;
  }

  /** What the trust and the permissions of the role that cuts sessions must be like. */
  String wanted(RoleArn role, String issuerHost) {
    return ("let %1$s trust %2$s where %2$s:aud is \"%3$s\" and %2$s:sub is \"%4$s\", and allow it"
            + " iam:PutRolePolicy and iam:DeleteRolePolicy on %5$s")
        .formatted(config.revoker(), issuerHost, config.audienceFor(role), Revoker.SUBJECT, role);
  }

  /** What {@link #tryOn} has shown where it threw nothing, and what it cannot show. */
  String tried(RoleArn role) {
    return ("%s may be assumed, and may delete inline policies of %s; nothing was written, so"
            + " iam:PutRolePolicy, which ends live sessions, was not tried: see that its permissions"
            + " name it, and that no boundary and no service control policy denies it")
        .formatted(config.revoker(), role);
  }

  /**
   * Whether sessions of {@code role} could be cut, as far as that is found out without a change to
   * anything; what there is to delete in its name is not there.
   *
   * @throws MintException if they could not
   */
  void tryOn(RoleArn role, UUID attempt) throws MintException {
    try {
      delete(role, session(role, attempt), NO_POLICY);
    } catch (KeysUnavailableException e) {
      throw new MintException(Reason.KEYS_UNAVAILABLE, e);
    } catch (Failure failure) {
      throw failure.asMintException();
    }
  }

  private AwsSessionCredentials session(RoleArn role, UUID id) throws Failure {
    return gates.pass(
        "sts." + AwsPartition.of(role), role.account(), () -> revoker.session(role, id));
  }

  private Denied nothing(RoleArn role, AwsSessionCredentials keys) throws Failure {
    delete(role, keys, policyName);
    return new Denied(0, false);
  }

  /**
   * Other inline policies of the role share its room, so how much there is shows only by trying.
   * What fits and is the most stands there in the end. First tried is what there was room for
   * before: nobody who is denied is let in to find out, but for whom there is no room.
   */
  private Denied asManyAsFit(
      RoleArn role, AwsSessionCredentials keys, Claimed claimed, Deadline enough) throws Failure {
    var requests = claimed.requests();
    var most = Math.min(requests.size(), RevocationPolicy.MOST);
    if (fits(role, keys, requests.subList(0, most))) {
      return new Denied(most, false);
    }
    var written = 0;
    var least = claimed.standing();
    most--;
    var next =
        claimed.applied() > least ? Math.min(claimed.applied(), most) : (least + most + 1) / 2;
    while (least < most && enough.nanosLeft() > 0) {
      try {
        if (fits(role, keys, requests.subList(0, next))) {
          least = next;
          written = next;
        } else {
          most = next - 1;
        }
      } catch (Failure failure) {
        if (written == 0) {
          throw failure;
        }
        // What was written holds; what failed asked for more than that.
        report(role, failure);
        return new Denied(written, failure.reason().mayExist());
      }
      next = (least + most + 1) / 2;
    }
    if (written == 0) {
      throw Failure.lasting(Reason.CLOUD_REFUSED, "the role's inline policies leave no room");
    }
    return new Denied(written, false);
  }

  private boolean fits(RoleArn role, AwsSessionCredentials keys, List<RequestId> requests)
      throws Failure {
    try {
      put(role, keys, RevocationPolicy.denying(requests));
      return true;
    } catch (Failure failure) {
      if (failure.code().equals("LimitExceeded")) {
        return false;
      }
      throw failure;
    }
  }

  private void put(RoleArn role, AwsSessionCredentials keys, RevocationPolicy policy)
      throws Failure {
    var request =
        PutRolePolicyRequest.builder()
            .roleName(role.name())
            .policyName(policyName)
            .policyDocument(policy.json())
            .overrideConfiguration(call -> call.credentialsProvider(() -> keys))
            .build();
    call(role, iam -> iam.putRolePolicy(request));
  }

  private void delete(RoleArn role, AwsSessionCredentials keys, String policy) throws Failure {
    var request =
        DeleteRolePolicyRequest.builder()
            .roleName(role.name())
            .policyName(policy)
            .overrideConfiguration(call -> call.credentialsProvider(() -> keys))
            .build();
    call(
        role,
        iam -> {
          try {
            iam.deleteRolePolicy(request);
          } catch (NoSuchEntityException _) {
            // It is not there, which is what is wanted; so is a role that is no more.
          }
        });
  }

  private interface IamCall {
    void make(IamClient iam);
  }

  private void call(RoleArn role, IamCall call) throws Failure {
    var partition = AwsPartition.of(role);
    gates.pass(
        "iam." + partition,
        role.account(),
        () ->
            effort.make(deadline -> {
              attempt(clients.of(partition), call, deadline);
              return true;
            }));
  }

  private static void attempt(IamClient iam, IamCall call, Deadline deadline) throws Failure {
    try {
      ScopedValue.where(SdkWire.DEADLINE, deadline).run(() -> call.make(iam));
    } catch (RuntimeException e) {
      throw AwsFailures.of(e);
    }
  }

  private static void report(RoleArn role, Failure failure) {
    log.atWarn()
        .addKeyValue("role_arn", role)
        .addKeyValue("reason", failure.reason().code())
        .addKeyValue("detail", failure.detail())
        .log("cloud.cut.failed");
  }

  @Override
  public void close() {
    revoker.close();
    clients.close();
    wire.close();
  }
}
