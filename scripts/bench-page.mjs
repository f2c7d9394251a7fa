// What scripts/bench-grid.mjs runs inside the pages that it measures; each function stands alone, because it travels there as a text.

/** Counts from now on: for every key how long it took to its paint, and how long scripts kept the main thread of it. */
export function watchKeys(isTyping) {
  globalThis.benchEnd?.();
  const found = { paint: [], script: [] };
  let pressed;
  const painted = () => {
    const { began, entered } = pressed;
    // Behind the frame: a message posted before the paint is delivered after it.
    const channel = new MessageChannel();
    channel.port1.onmessage = () => found.paint.push(performance.now() - began);
    requestAnimationFrame(() => {
      found.script.push(performance.now() - entered);
      channel.port2.postMessage(0);
    });
  };
  const down = (event) => {
    pressed = { began: event.timeStamp, entered: performance.now() };
    if (!isTyping) painted();
  };
  addEventListener('keydown', down, { capture: true });
  if (isTyping) addEventListener('input', painted, { capture: true });
  globalThis.benchEnd = () => {
    removeEventListener('keydown', down, { capture: true });
    removeEventListener('input', painted, { capture: true });
    return found;
  };
}

/** Will tell when what `isShown` asks for has been painted, in ms since the first event of this name. */
export function watchUntil(name, isShown) {
  globalThis.benchPainted = new Promise((resolve) => {
    const begin = (event) => {
      // Of a chord the last key is the one that does it.
      if (event.key === 'Control') return;
      removeEventListener(name, begin, { capture: true });
      const began = event.timeStamp;
      const look = () => {
        if (!isShown()) return requestAnimationFrame(look);
        const channel = new MessageChannel();
        channel.port1.onmessage = () => resolve(performance.now() - began);
        channel.port2.postMessage(0);
      };
      requestAnimationFrame(look);
    };
    addEventListener(name, begin, { capture: true });
  });
}

/** Counts the time between frames until it is ended; with `by` the first element that scrolls far moves by so many pixels each frame. */
export function watchFrames({ by, frames }) {
  const scroller = [...document.querySelectorAll('*')].find((element) => element.scrollHeight > 20 * element.clientHeight && element.clientHeight > 100);
  const found = { times: [], from: scroller.scrollTop };
  let last;
  let is_over = false;
  globalThis.benchFrames = new Promise((resolve) => {
    const frame = (now) => {
      if (last !== undefined) found.times.push(now - last);
      last = now;
      if (is_over || found.times.length >= frames) return resolve({ ...found, to: scroller.scrollTop });
      if (by) scroller.scrollTop += by;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  globalThis.benchStop = () => {
    is_over = true;
  };
}

/** Puts rows on the clipboard as a program does it by its copy event. */
export function copyOut({ text, html }) {
  const copy = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    event.clipboardData.setData('text/plain', text);
    if (html) event.clipboardData.setData('text/html', html);
  };
  addEventListener('copy', copy, { capture: true });
  const done = document.execCommand('copy');
  removeEventListener('copy', copy, { capture: true });
  if (!done) throw new Error('nothing was copied');
}

/** AG Grid over the same lines, with the sum of one column above it, as the record's page has it. */
export function agGridPage({ lines, width, height, rowHeight }) {
  const sum = document.createElement('p');
  const box = document.createElement('div');
  box.style.cssText = `width:${width}px;height:${height}px`;
  document.body.append(sum, box);
  let total = lines.reduce((all, line) => all + Number(line.sme), 0);
  const shown = () => {
    sum.textContent = total.toFixed(6);
  };
  const column = (field, headerName, width, more) => ({ field, headerName, width, editable: true, ...more });
  const number = { type: 'rightAligned', cellStyle: { fontVariantNumeric: 'tabular-nums' } };
  const api = globalThis.agGrid.createGrid(box, {
    rowData: lines,
    getRowId: ({ data }) => data.id,
    rowHeight,
    enterNavigatesVerticallyAfterEdit: true,
    undoRedoCellEditing: true,
    undoRedoCellEditingLimit: 500,
    columnDefs: [
      column('number', '序号', 64, { pinned: 'left', editable: false }),
      column('project_name', '项目名称', 300, { pinned: 'left' }),
      column('measure', '预留选项', 120),
      column('percent', '预留比例(%)', 110, number),
      column('sme', '面向中小企业采购金额(万元)', 160, number),
      column('small_micro', '面向小微企业采购金额(万元)', 160, number),
      column('url', '合同链接', 120),
      column('source', '来源', 140, { editable: false }),
      column('reason', '修改理由', 220),
      column('remove', '操作', 80, { editable: false, cellRenderer: () => '<button type="button">剔除</button>' }),
    ],
    onCellValueChanged: ({ column, oldValue, newValue }) => {
      if (column.getColId() !== 'sme') return;
      total += Number(newValue) - Number(oldValue);
      shown();
    },
  });
  shown();
  box.addEventListener('paste', (event) => {
    const rows = event.clipboardData.getData('text/plain').replace(/\r?\n$/, '').split(/\r?\n/).map((row) => row.split('\t'));
    const { rowIndex, column } = api.getFocusedCell();
    const columns = api.getAllDisplayedColumns();
    const from = columns.indexOf(column);
    const update = rows.map((row, at) => {
      const data = { ...api.getDisplayedRowAtIndex(rowIndex + at).data };
      total -= Number(data.sme);
      row.forEach((text, right) => {
        const target = columns[from + right];
        if (target?.getColDef().editable) data[target.getColId()] = text;
      });
      total += Number(data.sme);
      return data;
    });
    api.applyTransaction({ update });
    shown();
  });
  globalThis.benchGrid = api;
}
