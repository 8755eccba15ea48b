// Takes credentials as any program with the AWS SDK does, and asks the cloud whose they are.
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { defaultProvider } from "@aws-sdk/credential-provider-node";

try {
  const credentials = await defaultProvider()();
  const sts = new STSClient({ endpoint: process.env.CLOUD_STS, credentials });
  const who = await sts.send(new GetCallerIdentityCommand({}));
  console.log(JSON.stringify({ arn: who.Arn, expires: credentials.expiration }));
} catch (error) {
  console.log(JSON.stringify({ error: error.name, message: error.message }));
  process.exitCode = 1;
}
