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

  // Keyboard: "/" goes to the search box, "g h" home, "g c" contracts; j/k walk the rows of a list, Enter opens.
  let before = "";
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || /INPUT|TEXTAREA|SELECT/.test(event.target.tagName)) return;
    const search = document.querySelector("input[type=search]");
    if (event.key === "/" && search) { event.preventDefault(); search.focus(); }
    if (before === "g" && event.key === "h") location.assign("/");
    if (before === "g" && event.key === "c") location.assign("/contracts");
    const rows = [...document.querySelectorAll("tr[data-href]")];
    if (rows.length && (event.key === "j" || event.key === "k")) {
      const at = rows.indexOf(document.activeElement);
      rows[Math.max(0, Math.min(rows.length - 1, at + (event.key === "j" ? 1 : -1)))].focus();
    }
    if (event.key === "Enter" && document.activeElement?.dataset?.href) location.assign(document.activeElement.dataset.href);
    before = event.key;
  });
})();
