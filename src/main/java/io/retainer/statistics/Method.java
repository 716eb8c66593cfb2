package io.retainer.statistics;

/** By which method a result was found; {@link #source} is where the method is published. */
public enum Method {
    WILSON("Wilson 1927"),
    WILSON_CONTINUITY("Newcombe 1998, method 4"),
    CLOPPER_PEARSON("Clopper & Pearson 1934"),
    ADJUSTED_WALD_NPS("Rocks 2016"),
    SHAPLEY_LMG("Lindeman, Merenda & Gold 1980"),
    BG_NBD("Fader, Hardie & Lee 2005"),
    PARETO_NBD("Schmittlein, Morrison & Colombo 1987"),
    GAMMA_GAMMA("Fader, Hardie & Lee 2005 (RFM and CLV)"),
    LIFETIME_VALUE("Fader, Hardie & Lee 2005 (RFM and CLV)"),
    HOLD_OUT("Fader, Hardie & Lee 2005"),
    RFM("Hughes 1994"),
    COHORTS("Glasser 1985"),
    CHANGE("Student 1908; Wilson 1927"),
    CHURN("Hoerl & Kennard 1970; Friedman 2001; Wolpert 1992"),
    DISCRIMINATION("DeLong, DeLong & Clarke-Pearson 1988"),
    CALIBRATION("Cox 1958; Brier 1950");

    private final String source;

    Method(String source) {
        this.source = source;
    }

    /** Authors and year. */
    public String source() {
        return source;
    }
}
