"use strict";
// Charts: <div class="chart" data-chart='{…ECharts option…}'></div>; also after a boosted page change.
(() => {
  const draw = root => root.querySelectorAll("[data-chart]").forEach(element => {
    if (element.dataset.drawn || typeof echarts === "undefined") return;
    element.dataset.drawn = "yes";
    const chart = echarts.init(element, null, { renderer: "canvas" });
    chart.setOption(JSON.parse(element.dataset.chart));
    addEventListener("resize", () => chart.resize());
  });
  document.addEventListener("DOMContentLoaded", () => draw(document));
  document.addEventListener("htmx:afterSettle", event => draw(event.target));

  // What was typed into a long form is not lost by leaving it.
  let kept = null;
  let touched = false;
  document.addEventListener("input", event => { touched ||= kept !== null && kept.contains(event.target); });
  document.addEventListener("submit", event => { if (event.target === kept) touched = false; }, true);
  addEventListener("beforeunload", event => { if (touched) event.preventDefault(); });
  document.addEventListener("htmx:confirm", event => {
    if (!touched || kept.contains(event.target)) return;
    event.preventDefault();
    if (confirm(kept.dataset.keepAsk)) { touched = false; event.detail.issueRequest(true); }
  });
  document.addEventListener("htmx:load", event => {
    const form = event.target.querySelector("form[data-keep-ask]");
    if (form || event.target === document.body) {
      kept = form;
      touched = form !== null && form.dataset.keep === "unsaved";
    }
    // On a narrow screen the tab one is on may be outside.
    event.target.querySelectorAll(".tabs .here").forEach(tab => {
      const bar = tab.parentElement;
      bar.scrollLeft += tab.getBoundingClientRect().left - bar.getBoundingClientRect().left - (bar.clientWidth - tab.clientWidth) / 2;
    });
  });

  // What changes while one looks: <div data-live="/…/live" data-live-page="/…" data-live-parts="#a,#b"> fetches the page again
  // and swaps the parts, never a form somebody may be writing in.
  let line = null;
  let waiting = 0;
  const refresh = async place => {
    const answer = await fetch(place.dataset.livePage, { headers: { "HX-Request": "true" }, redirect: "error" }).catch(() => null);
    if (!answer?.ok || !place.isConnected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    place.dataset.liveParts.split(",").forEach(part => {
      const now = document.querySelector(part);
      const then = fresh.querySelector(part);
      if (!now || !then || now.innerHTML === then.innerHTML) return;
      const held = [...now.querySelectorAll("tr[data-href]")].indexOf(document.activeElement);
      const ticked = [...now.querySelectorAll("input[type=checkbox]:checked")].map(box => box.value);
      now.innerHTML = then.innerHTML;
      now.querySelectorAll("input[type=checkbox]").forEach(box => { box.checked = ticked.includes(box.value); });
      now.querySelectorAll("tr[data-href]")[held]?.focus();
      if (typeof htmx !== "undefined") htmx.process(now);
    });
  };
  const listen = () => {
    const place = document.querySelector("[data-live]");
    if (line && (!place || line.of !== place.dataset.live)) { line.source.close(); line = null; }
    if (!place || line) return;
    line = { of: place.dataset.live, source: new EventSource(place.dataset.live) };
    const soon = () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => { const here = document.querySelector("[data-live][data-live-page]"); if (here) refresh(here); }, 300);
    };
    line.source.addEventListener("changed", soon);
    line.source.addEventListener("presence", soon);
  };
  document.addEventListener("DOMContentLoaded", listen);
  document.addEventListener("htmx:afterSettle", listen);
  addEventListener("pagehide", () => line?.source.close());

  // A text that is inserted by choosing its title.
  document.addEventListener("change", event => {
    const into = event.target.matches("select[data-insert]") ? document.querySelector(event.target.dataset.insert) : null;
    if (!into) return;
    into.value += (into.value ? "\n" : "") + (event.target.selectedOptions[0]?.dataset.text ?? "");
    event.target.value = "";
    into.focus();
  });

  // Keyboard: "/" goes to the search box, "g h" home, "g c" contracts, "g q" the queue, "g t" the tasks; j/k walk the rows of a list, Enter or "o" opens, "x" ticks; "[" and "]" turn pages.
  let before = "";
  let row = -1;
  document.addEventListener("htmx:afterSettle", () => {
    if (row < 0) return;
    const rows = [...document.querySelectorAll("tr[data-href]")];
    rows[Math.min(row, rows.length - 1)]?.focus();
    row = -1;
  });
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || /INPUT|TEXTAREA|SELECT/.test(event.target.tagName)) return;
    // What a page names a key for: <button data-key="y">.
    const named = /^[a-z]$/.test(event.key) && before !== "g" ? document.querySelector(`main [data-key=${event.key}], #main [data-key=${event.key}]`) : null;
    if (named) {
      event.preventDefault();
      named.click();
      // A thing that opens is opened to be filled in.
      if (named.tagName === "SUMMARY" && named.parentElement.open) named.parentElement.querySelector("select, textarea, input:not([type=hidden])")?.focus();
      before = "";
      return;
    }
    const field = /^[a-z]$/.test(event.key) && before !== "g" ? document.querySelector(`[data-focus-key=${event.key}]`) : null;
    if (field) { event.preventDefault(); field.focus(); before = ""; return; }
    // What a row names a key for: <button data-row-key="d"> in the row one is on; the row that takes its place is then gone to.
    const inRow = /^[a-z]$/.test(event.key) && before !== "g" ? document.activeElement?.closest("tr[data-href]")?.querySelector(`[data-row-key=${event.key}]`) : null;
    if (inRow) {
      event.preventDefault();
      row = [...document.querySelectorAll("tr[data-href]")].indexOf(inRow.closest("tr"));
      inRow.click();
      before = "";
      return;
    }
    if (event.key === "x" && document.activeElement?.matches("tr[data-href]")) document.activeElement.querySelector("input[type=checkbox]")?.click();
    const search = document.querySelector("input[type=search]");
    if (event.key === "/" && search) { event.preventDefault(); search.focus(); }
    if (before === "g" && event.key === "h") location.assign("/");
    if (before === "g" && event.key === "c") location.assign("/contracts");
    if (before === "g" && event.key === "q") location.assign("/complaints");
    if (before === "g" && event.key === "t") location.assign("/tasks");
    if (event.key === "[" || event.key === "]") document.querySelector(`main a[rel=${event.key === "[" ? "prev" : "next"}]`)?.click();
    const rows = [...document.querySelectorAll("tr[data-href]")];
    if (rows.length && (event.key === "j" || event.key === "k")) {
      const at = rows.indexOf(document.activeElement);
      rows[Math.max(0, Math.min(rows.length - 1, at + (event.key === "j" ? 1 : -1)))].focus();
    }
    if ((event.key === "Enter" || event.key === "o") && document.activeElement?.dataset?.href) location.assign(document.activeElement.dataset.href);
    before = event.key;
  });
})();
