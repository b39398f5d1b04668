// Fills in what the pages ask of the API: the health of the parts, the progress of a report, the list of addresses.

const zh = document.documentElement.lang.startsWith("zh");
const headers = { "Accept-Language": zh ? "zh-CN" : "en" };

function element(name, text, ...children) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  made.append(...children);
  return made;
}

async function showHealth(list) {
  const states = await fetch("/api/v1/health", { headers }).then((answer) => answer.json(), () => ({}));
  for (const line of list.querySelectorAll("li")) {
    const state = states[line.dataset.part] ?? "down";
    const shown = line.querySelector(".state");
    shown.textContent = list.dataset[state];
    shown.classList.add(state);
  }
}

function step(at, sentence, words) {
  const when = element("time", new Date(at).toLocaleString(zh ? "zh-CN" : "en", { dateStyle: "medium", timeStyle: "short" }));
  when.dateTime = at;
  return element("li", "", when, element("span", sentence), ...(words ? [element("blockquote", words)] : []));
}

function progress(report, reported) {
  return element("ol", "", step(report.submitted_at, reported, report.what),
    ...report.told.map((told) => step(told.at, zh ? told.zh : told.en, told.remark)));
}

function refusal(sentence) {
  const line = element("p", sentence);
  line.className = "refused";
  return line;
}

async function track(form, told) {
  const body = JSON.stringify({ tracking_code: form.elements.tracking_code.value });
  told.replaceChildren(element("p", told.dataset.looking));
  try {
    const answer = await fetch("/api/v1/tracking", {
      method: "POST",
      headers: { ...headers, "Content-Type": "application/json" },
      body,
    });
    const found = await answer.json();
    const unknown = [404, 422].includes(answer.status); // not ours, or nothing that could be a code
    told.replaceChildren(answer.ok ? progress(found, told.dataset.reported)
      : refusal(unknown ? told.dataset.unknown : found.detail));
  } catch {
    told.replaceChildren(refusal(told.dataset.failed));
  }
}

function address(path) {
  const code = element("code");
  for (const segment of path.split("/").slice(1)) code.append(element("wbr"), `/${segment}`);
  return code;
}

async function showAddresses(place) {
  try {
    const { paths } = await fetch("/api/v1/openapi.json").then((answer) => answer.json());
    const groups = new Map();
    for (const [path, item] of Object.entries(paths)) {
      for (const [method, { tags, summary, description }] of Object.entries(item)) {
        const tag = tags?.[0] ?? "";
        const purpose = (description?.split("\n")[0] ?? summary).replaceAll("`", "");
        const line = element("tr", "", element("td", "", element("code", method.toUpperCase())),
          element("td", "", address(path), element("br"), element("span", purpose)));
        groups.set(tag, [...(groups.get(tag) ?? []), line]);
      }
    }
    place.replaceChildren(...[...groups].map(([tag, lines]) =>
      element("details", "", element("summary", `${tag} (${lines.length})`),
        element("table", "", element("tbody", "", ...lines)))));
    for (const group of place.children) group.lang = "en"; // the document is written in English
  } catch {
    place.replaceChildren(refusal(place.dataset.failed));
  }
}

const health = document.getElementById("health");
const form = document.getElementById("track");
const addresses = document.getElementById("addresses-list");
if (health) showHealth(health);
if (addresses) showAddresses(addresses);
form?.addEventListener("submit", (event) => {
  event.preventDefault();
  track(form, document.getElementById("told"));
});
