"""Statistics of batch data: pure functions over decimals as written, frozen results, each with its basis (method, version, n, exclusions).

A question is answered by figures or by `basis.NotGiven(reason, basis)`; `excluded=` names what the caller left out. scipy, statsmodels
and numpy are loaded inside the functions that need them. Figures are `Decimal`: round them with `exact.rounded` where they are shown.

    exact         summarise(values) -> Summary; lag_one, deviations, rounded, places_of, as_decimal, root
    individuals   individuals(values, summary) -> ControlLimits; beyond_limits (rule 1); the light part of the I-MR chart
    constants     d2(n), d3(n), c4(n) and the factors that follow from them
    charts        individuals_chart, xbar_r_chart, xbar_s_chart, subgroup_chart (R to n = 8, else S) -> ControlChart; Baseline; strata
    counts        p_chart, np_chart, u_chart(counts, sizes, unit), c_chart (Laney p', u' where over-dispersed) -> ControlChart
    memory        ewma_chart, cusum_chart
    rules         signals(panel, rules) -> Signal...; RULE_ONE, WESTERN_ELECTRIC, NELSON
    false_alarms  false_alarm(points, rules) -> the chance that a process in control signals at all
    signal_groups group_signals(signals, labels) -> SignalGroup...; shared_groups over several attributes; foremost
    preconditions normality (Anderson-Darling), autocorrelation (lag 1 with bound)
    capability    capability(values, lower, upper, ...) -> Capability (Cp, Cpk, Pp, Ppk with intervals); performance (Ppk alone)
    shift         shift(before, after, practical) -> difference of means (Welch) and ratio of deviations (F) with intervals
    rates         rate(events, denominator, unit) -> exact Poisson interval, upper bound for zero events
    proportions   proportion(found, presented) -> exact binomial interval; difference of two (Newcombe)
    regression    straight_line(x, y) -> Line, exact sums;   anova  one_way(groups) -> OneWay, exact sums
    stability     shelf_life(pulls, lower, upper) -> ShelfLife by ICH Q1E (poolability at .25)
    out_of_trend  by_interval (line of the batch itself), by_slope (slopes of earlier batches) -> Expectation
    tolerance     normal_interval, normal_bound, free_interval (distribution-free)
    pharmacopoeia dissolution (USP <711> stages), content_uniformity (USP <905> acceptance value)
"""
