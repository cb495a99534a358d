// Pushes messages to our webhook with a cipher that is not ours: a JSON array in, a JSON array out.
import { decrypt, encrypt, getSignature } from "@wecom/crypto";
import { randomInt } from "node:crypto";
import { text } from "node:stream/consumers";

const field = (xml, name) => xml.match(new RegExp(`<${name}>(?:<!\\[CDATA\\[)?(.*?)(?:\\]\\]>)?</${name}>`, "s"))?.[1] ?? "";

async function push({ url, token, aesKey, appId, timestamp, xml }) {
  const nonce = String(randomInt(1e9));
  const encrypted = encrypt(aesKey, xml, appId);
  const query = new URLSearchParams({
    timestamp,
    nonce,
    encrypt_type: "aes",
    msg_signature: getSignature(token, timestamp, nonce, encrypted),
  });
  const body = `<xml><ToUserName><![CDATA[gh_0123456789ab]]></ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`;
  const response = await fetch(`${url}?${query}`, { method: "POST", body });
  const answer = await response.text();
  const sealed = field(answer, "Encrypt");
  if (!sealed) return { status: response.status, answer };
  const signature = getSignature(token, field(answer, "TimeStamp"), field(answer, "Nonce"), sealed);
  const opened = decrypt(aesKey, sealed);
  return {
    status: response.status,
    signed: signature === field(answer, "MsgSignature"),
    appId: opened.id,
    clear: opened.message,
  };
}

const asked = JSON.parse(await text(process.stdin));
const answers = [];
for (const one of asked) answers.push(await push(one));
process.stdout.write(JSON.stringify(answers));
