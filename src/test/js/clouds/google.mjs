// Takes tokens as any program with Google's library does.
import { GoogleAuth } from "google-auth-library";

try {
  const client = await new GoogleAuth().getClient();
  const { token } = await client.getAccessToken();
  console.log(JSON.stringify({ token }));
} catch (error) {
  console.log(JSON.stringify({ error: error.name, message: error.message }));
  process.exitCode = 1;
}
