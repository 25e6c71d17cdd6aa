(function () {
  "use strict";
  var root = document.documentElement, button = document.getElementById("theme");
  function dark() {
    return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }
  function name() { button.textContent = dark() ? "Light page" : "Dark page"; }
  if (/[#&]theme=(dark|light)/.test(location.hash)) root.dataset.theme = RegExp.$1;
  button.addEventListener("click", function () { root.dataset.theme = dark() ? "light" : "dark"; name(); });
  name();

  var folded = [];
  addEventListener("beforeprint", function () {
    folded = Array.prototype.filter.call(document.querySelectorAll("details"), function (d) { return !d.open; });
    folded.forEach(function (d) { d.open = true; });
  });
  addEventListener("afterprint", function () { folded.forEach(function (d) { d.open = false; }); });

  var tip = document.createElement("div");
  tip.className = "tip"; tip.hidden = true; document.body.appendChild(tip);
  var NS = "http://www.w3.org/2000/svg";
  function scale(text) {
    var v = text.split(" ").map(Number);
    return {
      a: v[2], b: v[3],
      back: function (p) {
        var part = (p - v[2]) / (v[3] - v[2]);
        return v[4] ? Math.pow(10, Math.log10(v[0]) + part * (Math.log10(v[1]) - Math.log10(v[0]))) : v[0] + part * (v[1] - v[0]);
      }
    };
  }
  function write(v) { return (Math.abs(v) >= 1e5 || (v !== 0 && Math.abs(v) < 1e-3)) ? v.toExponential(2) : String(Number(v.toPrecision(4))); }
  function points(el) {
    if (el.tagName === "g") {
      return Array.prototype.map.call(el.querySelectorAll("circle"), function (c) {
        return { x: +c.getAttribute("cx"), y: +c.getAttribute("cy"), start: true };
      });
    }
    var out = [];
    el.getAttribute("d").split("M").slice(1).forEach(function (run) {
      run.split("L").forEach(function (pair, k) {
        var p = pair.split(",");
        out.push({ x: +p[0], y: +p[1], start: k === 0 });
      });
    });
    return out;
  }
  function nearest(list, x, y) {
    var best = null;
    for (var k = 0; k < list.length; k++) {
      var p = list[k], q = p;
      if (!p.start) {
        var o = list[k - 1], dx = p.x - o.x, dy = p.y - o.y, n = dx * dx + dy * dy;
        var t = n ? Math.max(0, Math.min(1, ((x - o.x) * dx + (y - o.y) * dy) / n)) : 0;
        q = { x: o.x + t * dx, y: o.y + t * dy };
      }
      var far = (q.x - x) * (q.x - x) + (q.y - y) * (q.y - y);
      if (!best || far < best.far) best = { x: q.x, y: q.y, far: far };
    }
    return best;
  }
  document.querySelectorAll("svg.chart").forEach(function (svg) {
    var plots = Array.prototype.map.call(svg.querySelectorAll("g.plot"), function (g) {
      return { g: g, data: g.dataset, x: scale(g.dataset.x), y: scale(g.dataset.y), series: null };
    });
    var cross = document.createElementNS(NS, "path"), spot = document.createElementNS(NS, "circle");
    cross.setAttribute("class", "cross"); spot.setAttribute("class", "spot"); spot.setAttribute("r", "4");
    function clear() {
      tip.hidden = true; cross.remove(); spot.remove(); svg.classList.remove("dim");
      svg.querySelectorAll(".hot").forEach(function (e) { e.classList.remove("hot"); });
    }
    function show(e, lines) {
      tip.textContent = lines.join("\n"); tip.hidden = false;
      var w = tip.offsetWidth, h = tip.offsetHeight;
      tip.style.left = Math.max(4, e.clientX + 16 + w > innerWidth ? e.clientX - w - 12 : e.clientX + 16) + "px";
      tip.style.top = Math.max(4, Math.min(e.clientY + 14, innerHeight - h - 4)) + "px";
    }
    function column(plot, e, x) {
      var lines = [], at = null, total = 0;
      plot.g.querySelectorAll(".area").forEach(function (el) {
        var xs = el.dataset.at.split(" ").map(Number), vs = el.dataset.v.split(" "), k = 0;
        xs.forEach(function (p, i) { if (Math.abs(p - x) < Math.abs(xs[k] - x)) k = i; });
        at = xs[k]; total += +vs[k];
        lines.unshift(el.dataset.n + ": " + vs[k] + " " + plot.data.yu);
      });
      if (at === null) return;
      cross.setAttribute("d", "M" + at + "," + plot.y.a + "V" + plot.y.b); plot.g.appendChild(cross);
      lines.unshift(write(plot.x.back(at)) + " " + plot.data.xu);
      lines.push("together: " + total.toFixed(2) + " " + plot.data.yu);
      show(e, lines);
    }
    function near(plot, e, x, y) {
      plot.series = plot.series || Array.prototype.map.call(plot.g.querySelectorAll(".s:not(.area)"), function (el) {
        var list = points(el);
        // Between two cycles there is nothing to read: only the points themselves answer.
        if (plot.data.whole === "1") list.forEach(function (p) { p.start = true; });
        return { el: el, points: list };
      });
      var best = null;
      plot.series.forEach(function (s) {
        var p = nearest(s.points, x, y);
        if (p && (!best || p.far < best.p.far)) best = { p: p, el: s.el };
      });
      if (!best || (plot.series.length > 2 && best.p.far > 2500)) return;
      if (plot.series.length > 2 && best.el.classList.contains("line")) { svg.classList.add("dim"); best.el.classList.add("hot"); }
      spot.setAttribute("cx", best.p.x); spot.setAttribute("cy", best.p.y); plot.g.appendChild(spot);
      show(e, [best.el.dataset.n,
        plot.data.xn + " " + write(plot.x.back(best.p.x)) + " " + plot.data.xu,
        plot.data.yn + " " + write(plot.y.back(best.p.y)) + " " + plot.data.yu]);
    }
    svg.addEventListener("pointermove", function (e) {
      clear();
      var m = svg.getScreenCTM(), x = (e.clientX - m.e) / m.a, y = (e.clientY - m.f) / m.d;
      plots.forEach(function (p) {
        if (x < p.x.a - 4 || x > p.x.b + 4 || y > p.y.a + 4 || y < p.y.b - 4) return;
        if (p.data.hover === "column") column(p, e, x); else near(p, e, x, y);
      });
    });
    svg.addEventListener("pointerleave", clear);
  });
})();
