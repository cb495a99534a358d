// The card's print button; without script there is none.

const button = document.getElementById("print");
button.hidden = false;
button.addEventListener("click", () => window.print());
