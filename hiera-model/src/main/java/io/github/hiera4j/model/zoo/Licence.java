package io.github.hiera4j.model.zoo;

/** The licences of published weights. */
public enum Licence {
    /** No commercial use. */
    CC_BY_NC_4_0(
            "CC-BY-NC-4.0",
            "Creative Commons Attribution-NonCommercial 4.0: attribution, no commercial use",
            "https://creativecommons.org/licenses/by-nc/4.0/"),
    /** Any use, with the licence notice. */
    APACHE_2_0(
            "Apache-2.0",
            "Apache License 2.0: any use, with the licence notice",
            "https://www.apache.org/licenses/LICENSE-2.0");

    private final String identifier;
    private final String terms;
    private final String address;

    Licence(String identifier, String terms, String address) {
        this.identifier = identifier;
        this.terms = terms;
        this.address = address;
    }

    /** {@return its SPDX identifier} */
    public String identifier() {
        return identifier;
    }

    /** {@return its main terms in one line} */
    public String terms() {
        return terms;
    }

    /** {@return the address of its full text} */
    public String address() {
        return address;
    }
}
