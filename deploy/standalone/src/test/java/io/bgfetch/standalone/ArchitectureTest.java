package io.bgfetch.standalone;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.bgfetch.client.BackgroundFetchManager;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Which parts may know which, over all modules. */
class ArchitectureTest {
  private static final String GATEWAY = "io.bgfetch.gateway..";
  private static final String WORKER = "io.bgfetch.worker..";
  private static final String CLIENT = "io.bgfetch.client..";
  private static final String CLI = "io.bgfetch.cli..";
  private static final String BACKENDS = "io.bgfetch.backends..";
  private static final String STANDALONE = "io.bgfetch.standalone..";
  private static final String TESTKIT = "io.bgfetch.testkit..";
  private static final String SHARD = "io.bgfetch.gateway.shard";
  private static final String[] COMMON = {
    "io.bgfetch.blob..",
    "io.bgfetch.config..",
    "io.bgfetch.connection..",
    "io.bgfetch.egress..",
    "io.bgfetch.fetch..",
    "io.bgfetch.gzip..",
    "io.bgfetch.kafka..",
    "io.bgfetch.lane..",
    "io.bgfetch.lifecycle..",
    "io.bgfetch.message..",
    "io.bgfetch.metrics..",
    "io.bgfetch.outgoing..",
    "io.bgfetch.seal..",
    "io.bgfetch.tunnel..",
    "io.bgfetch.url.."
  };

  private static final Set<String> SHARD_CORE =
      Set.of(
          "ActiveRegistration",
          "Ahead",
          "Backlog",
          "Barrier",
          "Counts",
          "Decision",
          "Dispatcher",
          "FairShares",
          "HeldUp",
          "InFlight",
          "QueueView",
          "RecordMoves",
          "Retries",
          "Shard",
          "Step",
          "Tally",
          "UnderWay",
          "WaitingLooks",
          "Window");

  private static JavaClasses main;

  @BeforeAll
  static void readAllModules() {
    main =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.bgfetch");
  }

  private static void holds(ArchRule rule) {
    rule.check(main);
  }

  private static DescribedPredicate<JavaClass> ours() {
    return resideInAPackage("io.bgfetch..");
  }

  @Test
  void seesAllModules() {
    assertThat(
            main.stream().map(JavaClass::getPackageName).map(ArchitectureTest::module).distinct())
        .contains(
            "fetch",
            "kafka",
            "gateway",
            "worker",
            "client",
            "cli",
            "backends",
            "testkit",
            "standalone");
  }

  private static String module(String packageName) {
    return packageName.split("\\.")[2];
  }

  @Nested
  class Modules {
    @Test
    void commonSeesNobody() {
      holds(
          noClasses()
              .that()
              .resideInAnyPackage(COMMON)
              .should()
              .dependOnClassesThat(ours().and(not(resideInAnyPackage(COMMON)))));
    }

    @Test
    void everyPackageBelongsToAModule() {
      holds(
          classes()
              .that()
              .resideOutsideOfPackages(COMMON)
              .should()
              .resideInAnyPackage(GATEWAY, WORKER, CLIENT, CLI, BACKENDS, STANDALONE, TESTKIT));
    }

    @Test
    void gatewaySeesOnlyCommon() {
      holds(seesOnly(GATEWAY, COMMON));
    }

    @Test
    void workerSeesOnlyCommon() {
      holds(seesOnly(WORKER, COMMON));
    }

    @Test
    void clientSeesNobody() {
      holds(seesOnly(CLIENT));
    }

    @Test
    void commandLineSeesOnlyTheClient() {
      holds(seesOnly(CLI, CLIENT));
    }

    @Test
    void backendsSeeNobody() {
      holds(seesOnly(BACKENDS));
    }

    @Test
    void nobodySeesTheProgramThatPutsThemTogether() {
      holds(
          noClasses()
              .that()
              .resideOutsideOfPackage(STANDALONE)
              .should()
              .dependOnClassesThat()
              .resideInAPackage(STANDALONE));
    }

    private static ArchRule seesOnly(String module, String... others) {
      return noClasses()
          .that()
          .resideInAPackage(module)
          .should()
          .dependOnClassesThat(
              ours().and(not(resideInAPackage(module))).and(not(resideInAnyPackage(others))));
    }

    @Test
    void noPackagesDependOnEachOtherInACircle() {
      holds(slices().matching("io.bgfetch.(**)").should().beFreeOfCycles());
    }
  }

  @Nested
  class Technology {
    @Test
    void theVocabularyKnowsOnlyJava() {
      holds(
          classes()
              .that()
              .resideInAPackage("io.bgfetch.fetch..")
              .should()
              .onlyDependOnClassesThat(
                  resideInAnyPackage("io.bgfetch.fetch..", "java..")
                      .or(simpleName("StoredBody")) // where a body is, not how it is kept
                      .or(JavaClass.Predicates.ANNOTATIONS)));
    }

    @Test
    void theCoreOfAShardKnowsNeitherVertxNorKafkaNorSql() {
      holds(
          noClasses()
              .that(partOfTheCore())
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(
                  "io.vertx..", "org.apache.kafka..", "io.bgfetch.kafka..", "java.sql..")
              .orShould()
              .dependOnClassesThat(
                  simpleName("PgShardStore")
                      .or(simpleName("ShardRunner"))
                      .or(simpleName("Shards"))));
    }

    @Test
    void theCoreOfAShardIsWhereThisTestLooks() {
      assertThat(main.stream().filter(partOfTheCore()).map(JavaClass::getSimpleName))
          .containsAll(SHARD_CORE);
    }

    /** With the classes nested in them. */
    private static DescribedPredicate<JavaClass> partOfTheCore() {
      return DescribedPredicate.describe(
          "are part of the core of a shard",
          type ->
              type.getPackageName().equals(SHARD)
                  && SHARD_CORE.contains(outermost(type).getSimpleName()));
    }

    private static JavaClass outermost(JavaClass type) {
      return type.getEnclosingClass().map(Technology::outermost).orElse(type);
    }

    @Test
    void onlyTheirWrappersTouchKafkasClients() {
      holds(
          noClasses()
              .that()
              .resideOutsideOfPackages("io.bgfetch.kafka..", BACKENDS, TESTKIT)
              .should()
              .dependOnClassesThat(
                  assignableTo(Consumer.class)
                      .or(assignableTo(Producer.class))
                      .or(assignableTo(Admin.class))));
    }

    @Test
    void onlyTheEmbeddedBrokerTouchesKafkasServer() {
      holds(
          noClasses()
              .that()
              .resideOutsideOfPackage(BACKENDS)
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage("kafka..", "org.apache.kafka.server..", "scala.."));
    }

    @Test
    void theClientNeedsNothingButJavaAndJson() {
      holds(
          classes()
              .that()
              .resideInAPackage(CLIENT)
              .should()
              .onlyDependOnClassesThat()
              .resideInAnyPackage(
                  CLIENT, "java..", "com.fasterxml.jackson..", "org.jspecify.annotations.."));
    }
  }

  @Nested
  class Names {
    @Test
    void sayWhatSomethingIs() {
      holds(
          noClasses()
              .that(not(equivalentTo(BackgroundFetchManager.class))) // the browser's name
              .should()
              .haveNameMatching(".*(Utils?|Helpers?|Manager|Impl|Constants)")
              .orShould()
              .haveNameMatching(".*[.$](Abstract|Base)[A-Z].*"));
    }

    @Test
    void noPackageIsADrawer() {
      holds(
          noClasses()
              .should()
              .resideInAnyPackage("..util..", "..utils..", "..helper..", "..misc.."));
    }
  }
}
