// Messages that arrive while no page is open.

// A push without readable data still shows a notification: browsers end subscriptions that stay silent.
async function tell(data) {
  const words = await wordsOf(navigator.language.startsWith("it") ? "/senza-rete" : "/en/senza-rete");
  const message = { address: "/", title: "Vicino", body: words.said[2], lang: words.language };
  try {
    Object.assign(message, data.json());
  } catch (unreadable) {
    // The words above stand.
  }
  // Body, lang, tag and actions bear the names that a notification gives them.
  await registration.showNotification(message.title, {
    ...message,
    icon: "__STATIC:icons/192.png__",
    data: { address: here(message.address) },
  });
  if (message.receipt) await sendReceipt(message.receipt);
}

async function sendReceipt(address) {
  try {
    await fetch(here(address), { method: "POST", credentials: "omit" });
  } catch (lineIsDown) {
    // No receipt: the server then writes on the person's next channel, which is the safe side.
  }
}

// An action is what its button adds to the address.
async function open({ action, notification }) {
  notification.close();
  const address = notification.data.address + action;
  const pages = await clients.matchAll({ type: "window" });
  const page = pages.find((one) => one.url === address);
  return page ? page.focus() : clients.openWindow(address);
}

// Whatever a message says, it leads nowhere but to this site.
function here(address) {
  const wished = new URL(address, location.origin);
  return wished.origin === location.origin ? wished.href : location.origin + "/";
}
