// Compares a file with what was issued: its hash is computed here, and only the hash leaves the browser.

const zh = document.documentElement.lang.startsWith("zh");
const place = document.getElementById("compared");

function line(name, text) {
  const made = document.createElement("p");
  made.className = name;
  made.textContent = text;
  return made;
}

async function digestOf(file) {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function compare(file) {
  if (!crypto.subtle) return [line("refused", place.dataset.insecure)];
  const digest = await digestOf(file);
  const answer = await fetch(`/api/v1/verify/${digest}`, { headers: { "Accept-Language": zh ? "zh-CN" : "en" } });
  const found = await answer.json();
  const hash = line("hint", `SHA-256: ${digest}`);
  if (!answer.ok) return [line("refused", found.detail), hash];
  if (found.state === "unknown") return [line("refused", place.dataset.unknown), hash];
  const kind = zh ? found.kind_zh : found.kind_en;
  const issuer = zh ? found.issuer_zh : found.issuer_en;
  const told = `${place.dataset[found.state]} ${kind}, ${found.number}, ${issuer}, ${found.issued_on}`;
  return [line(found.state === "genuine" ? "done" : "refused", told), hash];
}

document.getElementById("file")?.addEventListener("change", async (event) => {
  const [file] = event.target.files;
  if (!file) return;
  place.replaceChildren(line("hint", place.dataset.looking));
  try {
    place.replaceChildren(...(await compare(file)));
  } catch {
    place.replaceChildren(line("refused", place.dataset.failed));
  }
});
