package io.daypass.cloud;

import org.junit.jupiter.api.Nested;

/** All that every store of bindings does. */
public abstract class BindingContracts extends BindingStoreFixture {

  @Nested
  public class Bindings extends BindingStoreContract {
    @Override
    protected BindingStores stores() {
      return BindingContracts.this.stores();
    }
  }

  @Nested
  public class Removal extends BindingRemovalContract {
    @Override
    protected BindingStores stores() {
      return BindingContracts.this.stores();
    }
  }

  @Nested
  public class Sharing extends BindingSharingContract {
    @Override
    protected BindingStores stores() {
      return BindingContracts.this.stores();
    }
  }
}
