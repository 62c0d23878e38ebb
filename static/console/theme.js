// Stands in the head and blocks, so that no page is painted in the wrong colours first.
"use strict";

(() => {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") {
    document.documentElement.dataset.theme = theme;
  }
})();
