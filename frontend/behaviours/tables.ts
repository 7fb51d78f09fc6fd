// A box that scrolls sideways keeps its heading inside; one that fits lets it stick to the top of the window.

const observer = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const table = target.firstElementChild
    if (table) target.classList.toggle('is-fitting', table.scrollWidth <= target.clientWidth + 1)
  }
})

export function fitTables(root: ParentNode): void {
  for (const box of root.querySelectorAll('.sh-tablebox')) {
    if (!box.closest('details')) observer.observe(box)
  }
}
