package javax.annotation;

/**
 * The annotation of generated classes. Java 11 removed it from the JDK; the generated build files
 * get it from jakarta.annotation-api 1.3.5.
 */
public @interface Generated {
    String[] value();

    String date() default "";

    String comments() default "";
}
