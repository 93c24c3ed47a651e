import DefaultTheme from 'vitepress/theme-without-fonts';
import './style.css';

/** The default theme in the fonts of the reader's system, with room for wide tables. */
export default DefaultTheme;
