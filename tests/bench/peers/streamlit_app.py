"""The dashboard in Streamlit: `streamlit run streamlit_app.py`."""

import dashboard
import streamlit as st

gaps = st.cache_data(dashboard.load)()
weights = {
    name: st.slider(name, dashboard.LOW, dashboard.HIGH, dashboard.START, dashboard.STEP)
    for name in dashboard.SLIDERS
}
for chart in dashboard.charts(gaps, weights):
    st.altair_chart(chart, width="content")
