// Before anything is drawn: what is laid out otherwise with a script is so from the first.
document.documentElement.classList.add("scripted", "early");
