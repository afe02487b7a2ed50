package javax.annotation;

/** What generated classes carry. It left the JDK with version 11; Maven brings it with jakarta.annotation-api 1.3.5. */
public @interface Generated {
    String[] value();

    String date() default "";

    String comments() default "";
}
