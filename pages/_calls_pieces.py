"""Pieces of the page of calls: the box that has the focus at once, and a button that copies a sentence."""

from __future__ import annotations

import streamlit as st

# Whoever answers the phone types the number at once, with no click before it.
_focus = st.components.v2.component(
    "focus_on",
    js="""export default function({data}){
 const box = document.querySelector(`input[aria-label="${CSS.escape(data.label)}"]`)
 if (box && document.activeElement === document.body) box.focus()
}
""",
)
_copy = st.components.v2.component(
    "copy_text",
    html='<button type="button"></button>',
    css="""button{font:inherit;font-size:.875rem;color:inherit;background:transparent;cursor:pointer;
 border:1px solid rgba(128,128,128,.4);border-radius:.5rem;min-height:2.5rem;
 padding:.25rem .75rem;width:100%}
button:hover{border-color:currentColor}""",
    js="""export default function({data, parentElement}){
 const button = parentElement.querySelector('button')
 button.textContent = data.label
 button.onclick = async () => {
  try {
   await navigator.clipboard.writeText(data.text)
  } catch {
   // Where the browser keeps the clipboard from scripts, it still copies what is selected.
   const box = document.createElement('textarea')
   box.value = data.text
   document.body.append(box)
   box.select()
   const copied = document.execCommand('copy')
   box.remove()
   if (!copied) return
  }
  button.textContent = data.done
  setTimeout(() => { button.textContent = data.label }, 2000)
 }
}
""",
)


def focus_on(label: str) -> None:
    """Put the cursor into the box with this label, where nothing else has it."""
    _focus(key="focus-on", data={"label": label})


def copy_button(text: str, *, label: str, done: str, key: str) -> None:
    """A button that puts a text on the clipboard."""
    _copy(key=key, data={"text": text, "label": label, "done": done})
