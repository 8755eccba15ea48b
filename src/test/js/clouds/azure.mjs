// Takes tokens as any program with Azure's library does.
import { DefaultAzureCredential } from "@azure/identity";

try {
  const credential = new DefaultAzureCredential();
  const token = await credential.getToken("https://storage.azure.com/.default");
  console.log(JSON.stringify({ token: token.token, expires: token.expiresOnTimestamp / 1000 }));
} catch (error) {
  console.log(JSON.stringify({ error: error.name, message: error.message }));
  process.exitCode = 1;
}
