import { render } from 'preact';
import { App } from './App';
import { applyTheme, savedTheme } from './page/theme';
import 'uplot/dist/uPlot.min.css';
import './styles/tokens.css';
import './styles/page.css';
import './styles/table.css';
import './styles/rooms.css';
import './styles/account.css';

// Before the first drawing, so that a chosen theme does not flash in the other one.
applyTheme(savedTheme());

const root = document.getElementById('console');
if (root) render(<App />, root);
