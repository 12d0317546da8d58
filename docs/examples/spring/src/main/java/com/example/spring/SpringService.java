package com.example.spring;

import io.github.hiera4j.api.HieraClassifier;
import io.github.hiera4j.api.LoadOptions;
import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/**
 * A Spring Boot service that classifies uploads.
 *
 * <pre>{@code
 * java -Xmx512m -XX:MaxDirectMemorySize=1g -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 … --hiera.weights=hiera_base_224.pth
 * curl -F file=@dog.jpg http://localhost:8080/classify
 * }</pre>
 *
 * <p>Memory: the heap contains decoded images, direct memory the pixels that the model reads. Weights and activations take native memory
 * in addition. {@code maxPhysicalBytes=0} keeps JavaCPP from refusing native memory because the whole process is larger than the heap.
 */
@SpringBootApplication
public class SpringService {

    /**
     * One model for all requests. Spring opens it at start-up, shares it between the threads that answer requests, and closes it at
     * shutdown by calling {@code close}.
     *
     * @param weights a checkpoint file or directory
     * @param concurrentRuns requests that are computed at once
     * @return the model
     */
    @Bean
    HieraClassifier classifier(
            @Value("${hiera.weights}") Path weights, @Value("${hiera.concurrent-runs}") int concurrentRuns) {
        return HieraClassifier.load(
                weights, LoadOptions.builder().concurrentRuns(concurrentRuns).build());
    }

    public static void main(String[] arguments) {
        SpringApplication.run(SpringService.class, arguments);
    }
}
