// Runs before the first paint and in every browser, however old: plain ES5.
(function () {
  var root = document.documentElement;
  var query = location.search;
  var asked = /[?&]theme=([a-z]+)/.exec(query);
  var dark = asked ? asked[1] === "dark" : window.matchMedia && matchMedia("(prefers-color-scheme: dark)").matches;
  // Telegram names its background: the green of a dark one begins with 0 to 7.
  var painted = /tgWebAppThemeParams=[^&]*bg_color%22%3A%22%23..([0-9a-f])/i.exec(location.hash);
  if (painted) dark = painted[1] < "8";
  root.setAttribute("data-theme", dark ? "dark" : "light");

  var language = /[?&]locale=(ru|en)/.exec(query);
  var english = language ? language[1] === "en" : !/^ru/.test(navigator.language || "ru");
  if (english) root.setAttribute("lang", "en");

  function say(what) {
    root.setAttribute("data-boot", what);
  }
  // The app's own files did not come (an update removed them, the network broke): a sentence instead of a blank page.
  window.addEventListener("error", function (event) {
    var name = event.target && event.target.nodeName;
    if ((name === "SCRIPT" || name === "LINK") && !window.expressBotStarted) say("failed");
  }, true);
  var able = Array.prototype.at && window.structuredClone && window.Intl && Intl.PluralRules && Promise.allSettled;
  if (!able) say("old");
  document.addEventListener("click", function (event) {
    if (event.target && event.target.id === "boot-reload") location.reload();
  });
})();
