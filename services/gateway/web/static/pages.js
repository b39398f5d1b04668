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

function progress(report) {
  const list = element("ol");
  for (const told of report.told) {
    const when = element("time", new Date(told.at).toLocaleString(zh ? "zh-CN" : "en"));
    when.dateTime = told.at;
    list.append(element("li", "", when, element("span", zh ? told.zh : told.en)));
    if (told.remark) list.lastChild.append(element("p", told.remark));
  }
  return list;
}

function refusal(sentence) {
  const line = element("p", sentence);
  line.className = "refused";
  return line;
}

async function track(form, told) {
  const body = JSON.stringify({ tracking_code: form.elements.tracking_code.value.trim() });
  try {
    const answer = await fetch("/api/v1/tracking", {
      method: "POST",
      headers: { ...headers, "Content-Type": "application/json" },
      body,
    });
    const found = await answer.json();
    told.replaceChildren(answer.ok ? progress(found) : refusal(found.detail));
  } catch {
    told.replaceChildren(refusal(told.dataset.failed));
  }
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
          element("td", "", element("code", path), element("br"), element("span", purpose)));
        groups.set(tag, [...(groups.get(tag) ?? []), line]);
      }
    }
    place.replaceChildren(...[...groups].map(([tag, lines]) =>
      element("table", "", element("caption", tag), element("tbody", "", ...lines))));
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
